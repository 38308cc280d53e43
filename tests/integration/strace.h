// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace helios::testing {

/// One system call of a trace. Positions are lines of the trace: strace writes a line when a call begins and, where
/// other threads came between, another one when it ends, in the order in which it let the threads go on.
struct SystemCall {
  pid_t thread = 0;
  std::string name;
  std::string text;            ///< arguments and result, as strace shows them
  std::size_t begun = 0;       ///< before the kernel did anything
  std::size_t ended = 0;       ///< after it was done; equal to `begun` where nothing came between
  std::optional<long> result;  ///< nothing where the trace ends before the call does
};

[[nodiscard]] std::vector<SystemCall> ParseTrace(std::string_view trace);

/// strace on a running process and all its threads, from construction to Detach().
class Tracer {
 public:
  /// Why strace cannot be used here, or "". Asked of a process of ours that sleeps.
  [[nodiscard]] static std::string WhyNot();

  /// `options` go in front of -p. Blocks until every thread is traced; attached() says whether that came about.
  Tracer(pid_t process, const std::filesystem::path& output, std::vector<std::string> options);
  ~Tracer() { Detach(); }
  Tracer(const Tracer&) = delete;
  Tracer& operator=(const Tracer&) = delete;

  [[nodiscard]] bool attached() const { return attached_; }

  /// Lets the process go on by itself, and gives what was seen.
  std::string Detach();

 private:
  std::filesystem::path output_;
  pid_t strace_ = -1;
  bool attached_ = false;
};

}  // namespace helios::testing
