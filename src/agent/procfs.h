// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

/// Parsers of what the kernel prints under /proc and /sys. Pure functions of a file's text: whatever
/// the text, they return or fail, and never read beyond it. Lines they do not know are skipped, for
/// kernels differ. Errors: kInvalidArgument agent.bad_proc_file.
///
/// Formats: proc(5); Documentation/admin-guide/iostats.rst, accounting/psi.rst and cgroup-v2.rst of Linux.
namespace helios::agent {

inline constexpr std::array<std::string_view, 8> kCpuModes = {"user",   "nice", "system",  "idle",
                                                              "iowait", "irq",  "softirq", "steal"};

/// /proc/stat. Times are of all processors together, in clock ticks since boot, in the order of kCpuModes.
struct CpuStat {
  std::array<std::uint64_t, kCpuModes.size()> ticks{};
  unsigned processors = 0;  ///< how many are online
  std::uint64_t running = 0;
  std::uint64_t blocked = 0;
};
[[nodiscard]] Result<CpuStat> ParseStat(std::string_view text);

/// /proc/meminfo, in bytes. `available` is estimated as free, buffers and page cache on kernels that
/// do not print it (before 3.14).
struct MemoryInfo {
  std::uint64_t total = 0;
  std::uint64_t available = 0;
  std::uint64_t swap_total = 0;
  std::uint64_t swap_free = 0;
};
[[nodiscard]] Result<MemoryInfo> ParseMeminfo(std::string_view text);

/// /proc/loadavg: over 1, 5 and 15 minutes.
[[nodiscard]] Result<std::array<double, 3>> ParseLoadavg(std::string_view text);

/// /proc/uptime, in seconds.
[[nodiscard]] Result<double> ParseUptime(std::string_view text);

/// A line of /proc/diskstats: counters since boot.
struct DiskStat {
  std::string device;
  std::uint64_t read_bytes = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t io_milliseconds = 0;  ///< during which at least one request was in progress
};
[[nodiscard]] std::vector<DiskStat> ParseDiskstats(std::string_view text);

/// A line of /proc/net/dev: counters since the interface came up.
struct NetworkStat {
  struct Direction {
    std::uint64_t bytes = 0;
    std::uint64_t packets = 0;
    std::uint64_t errors = 0;
    std::uint64_t drops = 0;
  };
  std::string interface;
  Direction received;
  Direction transmitted;
};
[[nodiscard]] std::vector<NetworkStat> ParseNetDev(std::string_view text);

/// A line of /proc/self/mounts, its octal escapes undone.
struct Mount {
  std::string device;
  std::string mountpoint;
  std::string fstype;
};
[[nodiscard]] std::vector<Mount> ParseMounts(std::string_view text);

/// /proc/pressure/*: microseconds since boot during which tasks waited for the resource.
struct Pressure {
  std::uint64_t some_microseconds = 0;             ///< at least one task
  std::optional<std::uint64_t> full_microseconds;  ///< every task; not printed for the CPU by all kernels
};
[[nodiscard]] Result<Pressure> ParsePressure(std::string_view text);

/// The value of `key` in a file of "key value" lines, such as a cgroup's cpu.stat.
[[nodiscard]] std::optional<std::uint64_t> FindKeyedValue(std::string_view text, std::string_view key);

/// A file that holds one number; nullopt for "max" and anything else that is not one.
[[nodiscard]] std::optional<std::int64_t> ParseSingleValue(std::string_view text);

}  // namespace helios::agent
