// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace helios::testing {

/// A program of the test's own. It dies with the test, however that comes about; what it prints goes to files below
/// `scratch`. Failures to start it abort the test. Not thread-safe.
class ChildProcess {
 public:
  struct Start {
    std::vector<std::string> command;      ///< the program's path first
    std::vector<std::string> environment;  ///< NAME=value, beside PATH
    std::filesystem::path scratch;         ///< exists; gets NAME.out and NAME.err
    std::string name;
  };

  explicit ChildProcess(const Start& start);
  ~ChildProcess();  ///< kills it where it still runs
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void Signal(int number) const;

  /// Its exit status, or 128 and the signal that ended it; nullopt where it runs on for `patience`.
  std::optional<int> Wait(std::chrono::milliseconds patience = std::chrono::seconds{30});

  [[nodiscard]] std::string Output() const;  ///< standard output so far
  [[nodiscard]] std::string Errors() const;  ///< standard error so far
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  std::filesystem::path output_;
  std::filesystem::path errors_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

/// A port of 127.0.0.1 that nobody listened on a moment ago, for a program that cannot choose one itself.
[[nodiscard]] std::uint16_t FreePort();

}  // namespace helios::testing
