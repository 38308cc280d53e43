// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace helios::bench {

/// A server that is measured from its start to after its end. Stopped where it still runs when this object goes, or
/// when our own process dies. Not thread-safe.
class MeasuredProcess {
 public:
  /// Starts a program with its output in `log`. Errors: kUnavailable bench.cannot_start.
  [[nodiscard]] static Result<MeasuredProcess> Start(const std::vector<std::string>& command,
                                                     const std::filesystem::path& log);

  MeasuredProcess(MeasuredProcess&& other) noexcept;
  MeasuredProcess& operator=(MeasuredProcess&&) = delete;
  ~MeasuredProcess();

  /// CPU seconds so far.
  struct Cpu {
    double own = 0;
    double children = 0;  ///< of children that ended and were waited for
  };
  [[nodiscard]] Cpu CpuNow() const;

  /// Bytes of resident memory now, and the most there ever was.
  struct Memory {
    std::uint64_t now = 0;
    std::uint64_t peak = 0;
  };
  [[nodiscard]] Memory MemoryNow() const;

  /// Anonymous memory of all processes that descend from it, in bytes; what they share is left out.
  [[nodiscard]] std::uint64_t ChildrenMemoryNow() const;

  /// Asks it to end and waits for that; then its CPU is final, with that of all its children.
  /// Errors: kDeadlineExceeded bench.does_not_stop (it is killed then); kInternal bench.bad_exit.
  struct End {
    Cpu cpu;
    std::uint64_t peak_memory = 0;  ///< while it stopped too
    double seconds = 0;             ///< that it took to stop
  };
  [[nodiscard]] Result<End> Stop(std::chrono::seconds patience);

  [[nodiscard]] bool running() const;
  [[nodiscard]] std::string Log() const;

 private:
  MeasuredProcess(pid_t pid, pid_t keeper, int lifeline, std::filesystem::path log)
      : pid_(pid), keeper_(keeper), lifeline_(lifeline), log_(std::move(log)) {}
  void EndServer();

  pid_t pid_;
  pid_t keeper_;
  int lifeline_;  // the keeper stops the server when this is closed without a word
  std::filesystem::path log_;
};

/// Fields 14 to 17 of /proc/PID/stat, in seconds. Zeros for a line that has none.
[[nodiscard]] MeasuredProcess::Cpu ParseProcStat(std::string_view line, double ticks_per_second);

}  // namespace helios::bench
