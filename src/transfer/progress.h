// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace helios::transfer {

/// How far a transfer is.
struct Position {
  std::size_t series = 0;
  std::uint64_t samples = 0;
  std::optional<double> share = {};  ///< of the whole, 0 to 1; none where nobody knows
};

/// "3 series, 12,000 samples, 25.0 %, 4,000 samples/s, 9 s left".
[[nodiscard]] std::string DescribeProgress(const Position& position, std::chrono::duration<double> elapsed);

/// "1 h 5 min", "2 min 3 s" or "9 s".
[[nodiscard]] std::string DescribeTime(std::chrono::seconds duration);

/// "12,345".
[[nodiscard]] std::string Grouped(std::uint64_t number);

/// Says on standard error, now and then, how far a transfer is: one line that it writes over on a terminal, and a line
/// every ten seconds elsewhere. Lines between go through Note(). Not thread-safe.
class Progress {
 public:
  explicit Progress(bool quiet);

  void Show(const Position& position);
  /// Begins a line of its own and writes it.
  void Note(std::string_view line);
  [[nodiscard]] std::chrono::duration<double> elapsed() const { return std::chrono::steady_clock::now() - begin_; }
  /// Ends the line that it writes over.
  void Finish();

 private:
  const bool quiet_;
  const bool terminal_;
  bool line_open_ = false;
  std::chrono::steady_clock::time_point begin_;
  std::chrono::steady_clock::time_point next_;
};

}  // namespace helios::transfer
