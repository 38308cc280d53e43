// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace helios::transfer {

/// One record of a CSV text, from the line where it begins.
struct CsvRecord {
  std::uint64_t line = 0;  ///< counted from 1
  std::vector<std::string> fields;
  std::string_view problem;  ///< why it could not be split, a literal; empty where it could
};

/// Splits a CSV text into records as RFC 4180 describes them: fields between commas, in double quotes where they hold
/// commas, quotes (doubled) or line feeds; lines end with a line feed, before which a carriage return is dropped. A
/// byte order mark at the begin is passed over, and so are empty lines. A record that cannot be split is given as such,
/// and the next one begins after its line. Memory: one record. Not thread-safe.
class CsvRecords {
 public:
  /// Most bytes of a record; a quote that nobody closes ends there.
  static constexpr std::size_t kMostBytes = 1U << 20U;

  /// Reads up to the span's size; 0 at the end.
  using Source = std::function<Result<std::size_t>(std::span<char>)>;

  explicit CsvRecords(Source source);

  /// The next record; false at the end. Errors: those of the source.
  [[nodiscard]] Result<bool> Next(CsvRecord& record);

  /// Bytes that the records so far took.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

 private:
  [[nodiscard]] Result<bool> Fill();
  /// The next byte, or -1 at the end.
  [[nodiscard]] Result<int> Get();
  [[nodiscard]] Result<void> SkipLine();

  Source source_;
  std::vector<char> buffer_;
  std::size_t at_ = 0;
  std::size_t filled_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t bytes_ = 0;
};

}  // namespace helios::transfer
