// SPDX-License-Identifier: Apache-2.0
#include "agent/collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

namespace helios::agent {
namespace {

using std::chrono::seconds;

/// A machine made of texts.
class FakeHost final : public Host {
 public:
  Result<std::string> Read(const std::string& path) const override {
    const auto found = files.find(path);
    if (found == files.end()) return Fail(ErrorCode::kNotFound, "file.not_found", "cannot read {}", path);
    return found->second;
  }
  std::vector<std::string> List(const std::string& directory) const override {
    const auto found = directories.find(directory);
    return found == directories.end() ? std::vector<std::string>{} : found->second;
  }
  Result<FilesystemUsage> Usage(const std::string& mountpoint) const override {
    asked.insert(mountpoint);
    const auto found = usages.find(mountpoint);
    if (found == usages.end()) return Fail(ErrorCode::kUnavailable, "agent.no_filesystem_usage", "no {}", mountpoint);
    return found->second;
  }

  std::map<std::string, std::string> files;
  std::map<std::string, std::vector<std::string>> directories;
  std::map<std::string, FilesystemUsage> usages;
  mutable std::set<std::string> asked;
};

class CollectorTest : public testing::Test {
 protected:
  /// A round `at` seconds after the machine's start, as name{label=value,…} → value.
  std::map<std::string, double> Collect(int at) {
    std::map<std::string, double> round;
    for (const Sample& sample : collector.Collect(std::chrono::steady_clock::time_point(seconds(at)))) {
      std::string series = sample.name;
      for (const auto& [name, value] : sample.labels) series += " " + name + "=" + value;
      EXPECT_TRUE(round.emplace(series, sample.value).second) << "twice: " << series;
    }
    return round;
  }

  FakeHost host;
  Collector collector{host};
};

using testing::Contains;
using testing::DoubleEq;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::Pair;

TEST_F(CollectorTest, AMachineWithoutProcYieldsNothing) {
  EXPECT_THAT(Collect(1), IsEmpty());
}

TEST_F(CollectorTest, CpuIsTheShareOfTimeThatWasNotIdleSinceTheRoundBefore) {
  host.files["/proc/stat"] = "cpu 100 0 50 1000 10 0 0 0\ncpu0 1 1 1 1\nprocs_running 3\nprocs_blocked 2\n";
  const auto first = Collect(0);
  EXPECT_THAT(first, Not(Contains(Key("cpu"))));
  EXPECT_THAT(first, Contains(Pair("cpu_count", 1)));
  EXPECT_THAT(first, Contains(Pair("processes_running", 3)));
  EXPECT_THAT(first, Contains(Pair("processes_blocked", 2)));

  // Of 100 ticks: 20 user, 5 system, 70 idle, 5 waiting.
  host.files["/proc/stat"] = "cpu 120 0 55 1070 15 0 0 0\ncpu0 1 1 1 1\n";
  const auto second = Collect(1);
  EXPECT_THAT(second, Contains(Pair("cpu", DoubleEq(0.25))));
  EXPECT_THAT(second, Contains(Pair("cpu_seconds_ratio mode=user", DoubleEq(0.20))));
  EXPECT_THAT(second, Contains(Pair("cpu_seconds_ratio mode=idle", DoubleEq(0.70))));
  EXPECT_THAT(second, Contains(Pair("cpu_seconds_ratio mode=iowait", DoubleEq(0.05))));
}

TEST_F(CollectorTest, AStandingOrFallingCpuCounterGivesAGapAndNeverANegativeShare) {
  host.files["/proc/stat"] = "cpu 100 0 50 1000 10 0 0 0\n";
  Collect(0);
  EXPECT_THAT(Collect(1), Not(Contains(Key("cpu"))));
  host.files["/proc/stat"] = "cpu 10 0 5 100 1 0 0 0\n";
  EXPECT_THAT(Collect(2), Not(Contains(Key("cpu"))));
  host.files["/proc/stat"] = "cpu 20 0 5 190 0 0 0 0\n";  // iowait fell by one
  EXPECT_THAT(Collect(3), Contains(Pair("cpu", DoubleEq(0.1))));
}

TEST_F(CollectorTest, MemoryIsTheShareThatIsNotAvailable) {
  host.files["/proc/meminfo"] =
      "MemTotal: 1000 kB\nMemFree: 1 kB\nMemAvailable: 250 kB\nSwapTotal: 10 kB\nSwapFree: 4 kB\n";
  const auto round = Collect(0);
  EXPECT_THAT(round, Contains(Pair("memory", DoubleEq(0.75))));
  EXPECT_THAT(round, Contains(Pair("memory_used_bytes", 768'000)));
  EXPECT_THAT(round, Contains(Pair("memory_available_bytes", 256'000)));
  EXPECT_THAT(round, Contains(Pair("swap_used_bytes", 6'144)));
}

TEST_F(CollectorTest, LoadAndUptimeAreReadAsTheyAre) {
  host.files["/proc/loadavg"] = "0.5 1.5 2.5 1/2 3\n";
  host.files["/proc/uptime"] = "77.5 10.0\n";
  const auto round = Collect(0);
  EXPECT_THAT(round, Contains(Pair("load1", 0.5)));
  EXPECT_THAT(round, Contains(Pair("load5", 1.5)));
  EXPECT_THAT(round, Contains(Pair("load15", 2.5)));
  EXPECT_THAT(round, Contains(Pair("uptime_seconds", 77.5)));
}

TEST_F(CollectorTest, FileSystemsAreTheLocalOnesThatHoldDataEachOnce) {
  host.files["/proc/self/mounts"] =
      "proc /proc proc rw 0 0\ntmpfs /run tmpfs rw 0 0\n/dev/loop3 /snap/x ext4 ro 0 0\nserver:/x /far nfs4 rw 0 0\n"
      "/dev/vda1 /var/lib/bind ext4 rw 0 0\n/dev/vda1 / ext4 rw 0 0\n/dev/vdb /data xfs rw 0 0\n";
  host.usages["/"] = {.used = 300, .available = 100};
  host.usages["/data"] = {.used = 0, .available = 0};
  const auto round = Collect(0);
  EXPECT_THAT(round, Contains(Pair("disk_used_ratio device=/dev/vda1 fstype=ext4 mountpoint=/", 0.75)));
  EXPECT_THAT(round, Contains(Pair("disk_used_bytes device=/dev/vda1 fstype=ext4 mountpoint=/", 300)));
  EXPECT_THAT(round, Contains(Pair("disk_free_bytes device=/dev/vda1 fstype=ext4 mountpoint=/", 100)));
  EXPECT_EQ(round.size(), 3U);
  EXPECT_THAT(host.asked, testing::ElementsAre("/", "/data"));  // and never the network file system
}

TEST_F(CollectorTest, DiskRatesAreOfWholeDisksAlone) {
  host.directories["/sys/block"] = {"loop0", "vda"};
  host.files["/proc/diskstats"] =
      "7 0 loop0 1 0 2 0 1 0 2 0 0 4\n254 0 vda 1 0 100 0 1 0 200 0 0 1000\n254 1 vda1 1 0 100 0 1 0 200 0 0 1000\n";
  EXPECT_THAT(Collect(0), IsEmpty());
  host.files["/proc/diskstats"] =
      "7 0 loop0 1 0 9 0 1 0 9 0 0 9\n254 0 vda 1 0 120 0 1 0 240 0 0 6000\n254 1 vda1 1 0 120 0 1 0 240 0 0 6000\n";
  const auto round = Collect(10);
  EXPECT_THAT(round, Contains(Pair("disk_read_bytes_per_second device=vda", DoubleEq(1024))));     // 20 × 512 / 10
  EXPECT_THAT(round, Contains(Pair("disk_written_bytes_per_second device=vda", DoubleEq(2048))));  // 40 × 512 / 10
  EXPECT_THAT(round, Contains(Pair("disk_io_time_ratio device=vda", DoubleEq(0.5))));              // 5 s of 10
  EXPECT_EQ(round.size(), 3U);
}

TEST_F(CollectorTest, ANetworkCounterThatFellGivesAGapForThatRound) {
  const auto counters = [](int received) {
    return "head|\n lo: 1 1 1 1 0 0 0 0 1 1 1 1 0 0 0 0\n veth12: 1 1 1 1 0 0 0 0 1 1 1 1 0 0 0 0\n eth0: " +
           std::to_string(received) + " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
  };
  const std::string series = "network_received_bytes_per_second interface=eth0";
  host.files["/proc/net/dev"] = counters(1000);
  EXPECT_THAT(Collect(0), IsEmpty());
  host.files["/proc/net/dev"] = counters(6000);
  const auto second = Collect(10);
  EXPECT_THAT(second, Contains(Pair(series, DoubleEq(500))));
  EXPECT_EQ(second.size(), 8U);  // lo and veth12 are left out
  host.files["/proc/net/dev"] = counters(10);
  EXPECT_THAT(Collect(20), Not(Contains(Key(series))));
  host.files["/proc/net/dev"] = counters(110);
  EXPECT_THAT(Collect(30), Contains(Pair(series, DoubleEq(10))));
}

TEST_F(CollectorTest, AnInterfaceThatWasAwayForARoundStartsAnew) {
  const std::string up = " eth0: 100 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n";
  host.files["/proc/net/dev"] = up;
  Collect(0);
  host.files["/proc/net/dev"] = "";
  Collect(10);
  host.files["/proc/net/dev"] = up;
  EXPECT_THAT(Collect(20), IsEmpty());
}

TEST_F(CollectorTest, PressureIsAShareOfTime) {
  host.files["/proc/pressure/io"] = "some avg10=0 total=1000000\nfull avg10=0 total=0\n";
  Collect(0);
  host.files["/proc/pressure/io"] = "some avg10=0 total=3500000\nfull avg10=0 total=99000000\n";
  const auto round = Collect(10);
  EXPECT_THAT(round, Contains(Pair("pressure_ratio kind=some resource=io", DoubleEq(0.25))));
  EXPECT_THAT(round, Contains(Pair("pressure_ratio kind=full resource=io", DoubleEq(1))));  // 9.9 s of 10 is as much
}

TEST_F(CollectorTest, CgroupsAreThoseOfTheTopLevel) {
  host.files["/sys/fs/cgroup/cgroup.controllers"] = "cpu memory\n";
  host.directories["/sys/fs/cgroup/"] = {"cgroup.procs", "cpu.stat", "system.slice"};
  host.files["/sys/fs/cgroup/cpu.stat"] = "usage_usec 5\n";
  host.files["/sys/fs/cgroup/system.slice/cpu.stat"] = "usage_usec 1000000\n";
  host.files["/sys/fs/cgroup/system.slice/memory.current"] = "4096\n";
  host.files["/sys/fs/cgroup/system.slice/memory.max"] = "max\n";
  Collect(0);
  host.files["/sys/fs/cgroup/system.slice/cpu.stat"] = "usage_usec 16000000\n";
  const auto round = Collect(10);
  EXPECT_THAT(round, Contains(Pair("cgroup_cpu_cores cgroup=/system.slice", DoubleEq(1.5))));
  EXPECT_THAT(round, Contains(Pair("cgroup_memory_used_bytes cgroup=/system.slice", 4096)));
  EXPECT_EQ(round.size(), 2U);
}

TEST_F(CollectorTest, InAContainerTheRootIsItsOwnGroup) {
  host.files["/sys/fs/cgroup/cgroup.controllers"] = "cpu memory\n";
  host.files["/sys/fs/cgroup/memory.current"] = "10\n";
  host.files["/sys/fs/cgroup/memory.max"] = "20\n";
  const auto round = Collect(0);
  EXPECT_THAT(round, Contains(Pair("cgroup_memory_used_bytes cgroup=/", 10)));
  EXPECT_THAT(round, Contains(Pair("cgroup_memory_limit_bytes cgroup=/", 20)));
}

TEST_F(CollectorTest, TemperaturesOutOfThisWorldAreLeftOut) {
  host.directories["/sys/class/thermal/"] = {"cooling_device0", "thermal_zone0", "thermal_zone1"};
  host.files["/sys/class/thermal/thermal_zone0/temp"] = "45500\n";
  host.files["/sys/class/thermal/thermal_zone0/type"] = "x86_pkg_temp\n";
  host.files["/sys/class/thermal/thermal_zone1/temp"] = "-274000\n";
  const auto round = Collect(0);
  EXPECT_THAT(round, Contains(Pair("temperature_celsius sensor=x86_pkg_temp zone=0", 45.5)));
  EXPECT_EQ(round.size(), 1U);
}

TEST_F(CollectorTest, ThousandsOfDevicesStayWithinTheBound) {
  std::string disks;
  std::string interfaces;
  for (int i = 0; i < 3000; ++i) {
    disks += "8 0 sd" + std::to_string(i) + " 1 0 1 0 1 0 1 0 0 1\n";
    interfaces += "eth" + std::to_string(i) + ": 1 1 1 1 0 0 0 0 1 1 1 1 0 0 0 0\n";
  }
  host.files["/proc/diskstats"] = disks;
  host.files["/proc/net/dev"] = interfaces;
  Collect(0);
  EXPECT_EQ(Collect(1).size(), 32U * 3U + 32U * 8U);
}

}  // namespace
}  // namespace helios::agent
