// SPDX-License-Identifier: Apache-2.0
#include "agent/procfs.h"

#include <charconv>
#include <cmath>

namespace helios::agent {
namespace {

/// Cuts the first line off `text`, without its line break.
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// Cuts the first word off `line`; "" at its end.
std::string_view TakeWord(std::string_view& line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos) {
    line = {};
    return {};
  }
  line.remove_prefix(begin);
  const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

template <class Number>
std::optional<Number> ParseNumber(std::string_view word) {
  Number number{};
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
  return number;
}

std::optional<std::uint64_t> TakeCount(std::string_view& line) {
  return ParseNumber<std::uint64_t>(TakeWord(line));
}

std::unexpected<Error> Bad(std::string_view file, std::string_view want) {
  return Fail(ErrorCode::kInvalidArgument, "agent.bad_proc_file", "cannot read {}: want {}", file, want);
}

/// "\040" and its like stand for the byte in octal.
std::string UndoOctal(std::string_view text) {
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && is_octal(text[i + 1]) && is_octal(text[i + 2]) &&
        is_octal(text[i + 3])) {
      out += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 + (text[i + 3] - '0'));
      i += 3;
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace

Result<CpuStat> ParseStat(std::string_view text) {
  CpuStat stat;
  bool found = false;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    const std::string_view name = TakeWord(line);
    if (name == "cpu") {
      for (std::size_t mode = 0; mode < kCpuModes.size(); ++mode) {
        const auto ticks = TakeCount(line);
        if (!ticks && mode < 4) return Bad("/proc/stat", "at least four times of all processors");
        stat.ticks[mode] = ticks.value_or(0);
      }
      found = true;
    } else if (name.starts_with("cpu")) {
      ++stat.processors;
    } else if (name == "procs_running") {
      stat.running = TakeCount(line).value_or(0);
    } else if (name == "procs_blocked") {
      stat.blocked = TakeCount(line).value_or(0);
    }
  }
  if (!found) return Bad("/proc/stat", "a line 'cpu'");
  return stat;
}

Result<MemoryInfo> ParseMeminfo(std::string_view text) {
  MemoryInfo info;
  std::optional<std::uint64_t> total;
  std::optional<std::uint64_t> available;
  std::uint64_t reclaimable = 0;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    const std::string_view name = TakeWord(line);
    const auto kibibytes = TakeCount(line);
    if (!kibibytes || *kibibytes > (std::uint64_t{1} << 50U)) continue;
    const std::uint64_t bytes = *kibibytes * 1024;
    if (name == "MemTotal:") total = bytes;
    if (name == "MemAvailable:") available = bytes;
    if (name == "MemFree:" || name == "Buffers:" || name == "Cached:") reclaimable += bytes;
    if (name == "SwapTotal:") info.swap_total = bytes;
    if (name == "SwapFree:") info.swap_free = bytes;
  }
  if (!total || *total == 0) return Bad("/proc/meminfo", "MemTotal above 0");
  info.total = *total;
  info.available = std::min(available.value_or(reclaimable), info.total);
  info.swap_free = std::min(info.swap_free, info.swap_total);
  return info;
}

Result<std::array<double, 3>> ParseLoadavg(std::string_view text) {
  std::array<double, 3> load{};
  std::string_view line = TakeLine(text);
  for (double& value : load) {
    const auto number = ParseNumber<double>(TakeWord(line));
    if (!number || !std::isfinite(*number)) return Bad("/proc/loadavg", "three numbers");
    value = *number;
  }
  return load;
}

Result<double> ParseUptime(std::string_view text) {
  std::string_view line = TakeLine(text);
  const auto seconds = ParseNumber<double>(TakeWord(line));
  if (!seconds || !std::isfinite(*seconds)) return Bad("/proc/uptime", "a number of seconds");
  return *seconds;
}

std::vector<DiskStat> ParseDiskstats(std::string_view text) {
  constexpr std::uint64_t kSectorBytes = 512;  // whatever the device's own sectors are
  std::vector<DiskStat> disks;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    TakeWord(line);  // major
    TakeWord(line);  // minor
    const std::string_view device = TakeWord(line);
    std::array<std::uint64_t, 10> fields{};
    bool whole = true;
    for (std::uint64_t& field : fields) {
      const auto value = TakeCount(line);
      whole = whole && value.has_value();
      field = value.value_or(0);
    }
    if (!whole) continue;
    disks.push_back({.device = std::string(device),
                     .read_bytes = fields[2] * kSectorBytes,
                     .written_bytes = fields[6] * kSectorBytes,
                     .io_milliseconds = fields[9]});
  }
  return disks;
}

std::vector<NetworkStat> ParseNetDev(std::string_view text) {
  std::vector<NetworkStat> interfaces;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    const std::size_t colon = line.rfind(':');  // a name may hold one, as aliases do
    if (colon == std::string_view::npos) continue;
    std::string_view name = line.substr(0, colon);
    line.remove_prefix(colon + 1);
    std::array<std::uint64_t, 12> fields{};
    bool whole = true;
    for (std::uint64_t& field : fields) {
      const auto value = TakeCount(line);
      whole = whole && value.has_value();
      field = value.value_or(0);
    }
    name = TakeWord(name);
    if (!whole || name.empty()) continue;
    interfaces.push_back(
        {.interface = std::string(name),
         .received = {.bytes = fields[0], .packets = fields[1], .errors = fields[2], .drops = fields[3]},
         .transmitted = {.bytes = fields[8], .packets = fields[9], .errors = fields[10], .drops = fields[11]}});
  }
  return interfaces;
}

std::vector<Mount> ParseMounts(std::string_view text) {
  std::vector<Mount> mounts;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    const std::string_view device = TakeWord(line);
    const std::string_view mountpoint = TakeWord(line);
    const std::string_view fstype = TakeWord(line);
    if (fstype.empty()) continue;
    mounts.push_back({.device = UndoOctal(device), .mountpoint = UndoOctal(mountpoint), .fstype = std::string(fstype)});
  }
  return mounts;
}

Result<Pressure> ParsePressure(std::string_view text) {
  constexpr std::string_view kTotal = "total=";
  Pressure pressure;
  bool found = false;
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    const std::string_view kind = TakeWord(line);
    for (std::string_view word = TakeWord(line); !word.empty(); word = TakeWord(line)) {
      if (!word.starts_with(kTotal)) continue;
      const auto total = ParseNumber<std::uint64_t>(word.substr(kTotal.size()));
      if (!total) continue;
      if (kind == "some") {
        pressure.some_microseconds = *total;
        found = true;
      } else if (kind == "full") {
        pressure.full_microseconds = total;
      }
    }
  }
  if (!found) return Bad("/proc/pressure", "a line 'some' with a total");
  return pressure;
}

std::optional<std::uint64_t> FindKeyedValue(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = TakeLine(text);
    if (TakeWord(line) == key) return TakeCount(line);
  }
  return std::nullopt;
}

std::optional<std::int64_t> ParseSingleValue(std::string_view text) {
  std::string_view line = TakeLine(text);
  return ParseNumber<std::int64_t>(TakeWord(line));
}

}  // namespace helios::agent
