// SPDX-License-Identifier: Apache-2.0
#include "agent/collector.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>
#include <string>

namespace helios::agent {
namespace {

/// Most devices, mounts, interfaces, groups or sensors of one kind.
constexpr std::size_t kMaxOfAKind = 32;
constexpr std::size_t kMaxLabelBytes = 128;

/// `text` cut to kMaxLabelBytes, not within a character.
std::string Bounded(std::string_view text) {
  if (text.size() <= kMaxLabelBytes) return std::string(text);
  std::size_t end = kMaxLabelBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end));
}

bool StartsWithAny(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::ranges::any_of(prefixes, [text](std::string_view prefix) { return text.starts_with(prefix); });
}

/// Local file systems that hold data. A list of what to take, because what to leave out grows with every
/// kernel, and asking a network file system may block for as long as its server is away.
bool HoldsLocalData(const Mount& mount) {
  static const std::set<std::string_view> kTypes = {"ext2", "ext3",     "ext4",     "xfs",  "btrfs", "zfs",  "f2fs",
                                                    "jfs",  "reiserfs", "bcachefs", "vfat", "exfat", "ntfs", "ntfs3"};
  if (mount.device.starts_with("/dev/loop")) return false;
  return kTypes.contains(mount.fstype) || (mount.mountpoint == "/" && mount.fstype == "overlay");
}

bool IsVirtualDisk(std::string_view device) {
  return StartsWithAny(device, {"loop", "ram", "zram", "sr", "fd"});
}

bool IsVirtualInterface(std::string_view name) {
  return name == "lo" || StartsWithAny(name, {"veth", "docker", "br-", "virbr", "cni", "flannel", "cali", "ifb",
                                              "dummy", "vnet", "lxc", "podman"});
}

/// Whether an entry of the root of the cgroup tree is a group; the files there are all "controller.file".
bool IsCgroup(std::string_view name) {
  return name.find('.') == std::string_view::npos || name.ends_with(".slice") || name.ends_with(".scope") ||
         name.ends_with(".service");
}

std::uint64_t Growth(std::uint64_t before, std::uint64_t after) {
  return after > before ? after - before : 0;
}

}  // namespace

std::vector<Sample> Collector::Collect(std::chrono::steady_clock::time_point now) {
  samples_.clear();
  rates_.BeginRound(now);
  CollectCpu();
  CollectMemory();
  CollectLoad();
  CollectFilesystems();
  CollectDisks();
  CollectNetwork();
  CollectPressure();
  CollectCgroups();
  CollectTemperatures();
  if (samples_.size() > kMaxSeries) samples_.resize(kMaxSeries);
  return std::move(samples_);
}

void Collector::Add(std::string_view name, double value, Labels labels) {
  if (!std::isfinite(value)) return;
  samples_.push_back({.name = std::string(name), .value = value, .labels = std::move(labels)});
}

std::optional<double> Collector::Rate(std::string_view name, std::uint64_t counter, const Labels& labels) {
  std::string key(name);
  for (const auto& [label, value] : labels) {
    key += '\0';
    key += value;
  }
  return rates_.PerSecond(key, counter);
}

void Collector::AddRate(std::string_view name, std::uint64_t counter, double scale, Labels labels) {
  if (const auto rate = Rate(name, counter, labels)) Add(name, *rate * scale, std::move(labels));
}

void Collector::AddTimeRatio(std::string_view name, std::uint64_t counter, double units_per_second, Labels labels) {
  if (const auto rate = Rate(name, counter, labels)) {
    Add(name, std::min(*rate / units_per_second, 1.0), std::move(labels));
  }
}

void Collector::CollectCpu() {
  const auto text = host_.Read("/proc/stat");
  if (!text) return;
  const auto stat = ParseStat(*text);
  if (!stat) return;
  if (cpu_) {
    // The kernel lets the time of idling and of waiting for I/O fall a little: such a step counts as none.
    std::array<std::uint64_t, kCpuModes.size()> spent{};
    std::uint64_t total = 0;
    for (std::size_t mode = 0; mode < spent.size(); ++mode) {
      spent[mode] = Growth(cpu_->ticks[mode], stat->ticks[mode]);
      total += spent[mode];
    }
    if (total > 0) {
      const auto share = [total](std::uint64_t ticks) {
        return static_cast<double>(ticks) / static_cast<double>(total);
      };
      constexpr std::size_t kIdle = 3;
      constexpr std::size_t kIowait = 4;
      Add("cpu", share(total - spent[kIdle] - spent[kIowait]));
      for (std::size_t mode = 0; mode < spent.size(); ++mode) {
        Add("cpu_seconds_ratio", share(spent[mode]), {{"mode", std::string(kCpuModes[mode])}});
      }
    }
  }
  cpu_ = *stat;
  Add("cpu_count", stat->processors);
  Add("processes_running", static_cast<double>(stat->running));
  Add("processes_blocked", static_cast<double>(stat->blocked));
}

void Collector::CollectMemory() {
  const auto text = host_.Read("/proc/meminfo");
  if (!text) return;
  const auto info = ParseMeminfo(*text);
  if (!info) return;
  const std::uint64_t used = info->total - info->available;
  Add("memory", static_cast<double>(used) / static_cast<double>(info->total));
  Add("memory_total_bytes", static_cast<double>(info->total));
  Add("memory_used_bytes", static_cast<double>(used));
  Add("memory_available_bytes", static_cast<double>(info->available));
  Add("swap_used_bytes", static_cast<double>(info->swap_total - info->swap_free));
}

void Collector::CollectLoad() {
  if (const auto text = host_.Read("/proc/loadavg")) {
    if (const auto load = ParseLoadavg(*text)) {
      Add("load1", (*load)[0]);
      Add("load5", (*load)[1]);
      Add("load15", (*load)[2]);
    }
  }
  if (const auto text = host_.Read("/proc/uptime")) {
    if (const auto seconds = ParseUptime(*text)) Add("uptime_seconds", *seconds);
  }
}

void Collector::CollectFilesystems() {
  const auto text = host_.Read("/proc/self/mounts");
  if (!text) return;
  // Bind mounts show a device many times over: its shortest mount point stands for it. Data sets of zfs
  // have each a device name of their own.
  std::map<std::string, Mount> by_device;
  for (Mount& mount : ParseMounts(*text)) {
    if (!HoldsLocalData(mount)) continue;
    const auto [place, added] = by_device.try_emplace(mount.device, mount);
    if (!added && mount.mountpoint.size() < place->second.mountpoint.size()) place->second = std::move(mount);
  }
  std::map<std::string, const Mount*> by_mountpoint;
  for (const auto& [device, mount] : by_device) by_mountpoint[mount.mountpoint] = &mount;
  std::size_t count = 0;
  for (const auto& [mountpoint, mount] : by_mountpoint) {
    const auto usage = host_.Usage(mountpoint);
    if (!usage || usage->used + usage->available == 0) continue;
    if (++count > kMaxOfAKind) return;
    const Labels labels = {
        {"device", Bounded(mount->device)}, {"fstype", mount->fstype}, {"mountpoint", Bounded(mountpoint)}};
    const auto used = static_cast<double>(usage->used);
    const auto available = static_cast<double>(usage->available);
    Add("disk_used_ratio", used / (used + available), labels);
    Add("disk_used_bytes", used, labels);
    Add("disk_free_bytes", available, labels);
  }
}

void Collector::CollectDisks() {
  const auto text = host_.Read("/proc/diskstats");
  if (!text) return;
  // /sys/block holds whole disks; diskstats counts their partitions a second time.
  const std::vector<std::string> whole = host_.List("/sys/block");
  std::size_t count = 0;
  for (const DiskStat& disk : ParseDiskstats(*text)) {
    if (IsVirtualDisk(disk.device)) continue;
    if (!whole.empty() && !std::ranges::binary_search(whole, disk.device)) continue;
    if (++count > kMaxOfAKind) return;
    const Labels labels = {{"device", Bounded(disk.device)}};
    AddRate("disk_read_bytes_per_second", disk.read_bytes, 1, labels);
    AddRate("disk_written_bytes_per_second", disk.written_bytes, 1, labels);
    AddTimeRatio("disk_io_time_ratio", disk.io_milliseconds, 1e3, labels);
  }
}

void Collector::CollectNetwork() {
  const auto text = host_.Read("/proc/net/dev");
  if (!text) return;
  std::size_t count = 0;
  for (const NetworkStat& stat : ParseNetDev(*text)) {
    if (IsVirtualInterface(stat.interface)) continue;
    if (++count > kMaxOfAKind) return;
    const Labels labels = {{"interface", Bounded(stat.interface)}};
    AddRate("network_received_bytes_per_second", stat.received.bytes, 1, labels);
    AddRate("network_received_packets_per_second", stat.received.packets, 1, labels);
    AddRate("network_received_errors_per_second", stat.received.errors, 1, labels);
    AddRate("network_received_drops_per_second", stat.received.drops, 1, labels);
    AddRate("network_transmitted_bytes_per_second", stat.transmitted.bytes, 1, labels);
    AddRate("network_transmitted_packets_per_second", stat.transmitted.packets, 1, labels);
    AddRate("network_transmitted_errors_per_second", stat.transmitted.errors, 1, labels);
    AddRate("network_transmitted_drops_per_second", stat.transmitted.drops, 1, labels);
  }
}

void Collector::CollectPressure() {
  for (const std::string resource : {"cpu", "io", "memory"}) {
    const auto text = host_.Read("/proc/pressure/" + resource);
    if (!text) continue;
    const auto pressure = ParsePressure(*text);
    if (!pressure) continue;
    AddTimeRatio("pressure_ratio", pressure->some_microseconds, 1e6, {{"kind", "some"}, {"resource", resource}});
    if (pressure->full_microseconds) {
      AddTimeRatio("pressure_ratio", *pressure->full_microseconds, 1e6, {{"kind", "full"}, {"resource", resource}});
    }
  }
}

void Collector::CollectCgroups() {
  const std::string root = "/sys/fs/cgroup/";
  if (!host_.Read(root + "cgroup.controllers")) return;  // no version 2 there
  // "" is the root itself: it has these files where the root seen is a container's own group.
  std::vector<std::string> groups = {""};
  for (const std::string& name : host_.List(root)) {
    if (IsCgroup(name) && groups.size() < kMaxOfAKind) groups.push_back(name);
  }
  for (const std::string& group : groups) {
    const std::string directory = group.empty() ? root : root + group + "/";
    const Labels labels = {{"cgroup", "/" + Bounded(group)}};
    const auto memory = host_.Read(directory + "memory.current");
    const auto bytes = memory ? ParseSingleValue(*memory) : std::nullopt;
    if (!bytes && group.empty()) continue;  // the machine's own root: cpu and memory say it already
    if (bytes) Add("cgroup_memory_used_bytes", static_cast<double>(*bytes), labels);
    if (const auto text = host_.Read(directory + "memory.max")) {
      if (const auto limit = ParseSingleValue(*text)) {
        Add("cgroup_memory_limit_bytes", static_cast<double>(*limit), labels);
      }
    }
    if (const auto text = host_.Read(directory + "cpu.stat")) {
      if (const auto used = FindKeyedValue(*text, "usage_usec")) AddRate("cgroup_cpu_cores", *used, 1e-6, labels);
    }
  }
}

void Collector::CollectTemperatures() {
  const std::string root = "/sys/class/thermal/";
  constexpr std::string_view kPrefix = "thermal_zone";
  std::size_t count = 0;
  for (const std::string& zone : host_.List(root)) {
    if (!zone.starts_with(kPrefix)) continue;
    const auto text = host_.Read(root + zone + "/temp");
    const auto millidegrees = text ? ParseSingleValue(*text) : std::nullopt;
    // Sensors that are not there tend to print 0 K, and broken ones nonsense.
    if (!millidegrees || *millidegrees < -100'000 || *millidegrees > 250'000) continue;
    if (++count > kMaxOfAKind) return;
    std::string type = host_.Read(root + zone + "/type").value_or("");
    while (type.ends_with('\n')) type.pop_back();
    Add("temperature_celsius", static_cast<double>(*millidegrees) / 1e3,
        {{"sensor", Bounded(type.empty() ? zone : type)}, {"zone", Bounded(zone.substr(kPrefix.size()))}});
  }
}

}  // namespace helios::agent
