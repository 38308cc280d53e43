// SPDX-License-Identifier: Apache-2.0
#include "agent/procfs.h"

#include <gtest/gtest.h>

namespace helios::agent {
namespace {

TEST(ParseStat, ReadsTheTimesOfAllProcessorsAndCountsThem) {
  const auto stat = ParseStat(
      "cpu  14092 7 8029 205927 1651 3 148 58 11 12\n"
      "cpu0 7046 3 4014 102963 825 1 74 29 5 6\n"
      "cpu1 7046 4 4015 102964 826 2 74 29 6 6\n"
      "intr 1 2 3\nprocs_running 4\nprocs_blocked 1\n");
  ASSERT_TRUE(stat.has_value());
  EXPECT_EQ(stat->ticks, (std::array<std::uint64_t, 8>{14092, 7, 8029, 205927, 1651, 3, 148, 58}));
  EXPECT_EQ(stat->processors, 2U);
  EXPECT_EQ(stat->running, 4U);
  EXPECT_EQ(stat->blocked, 1U);
}

TEST(ParseStat, TakesAnOldKernelsFourTimesAndRefusesLess) {
  EXPECT_EQ(ParseStat("cpu 1 2 3 4\n")->ticks, (std::array<std::uint64_t, 8>{1, 2, 3, 4, 0, 0, 0, 0}));
  for (const char* text : {"", "cpu", "cpu 1 2 3", "cpu a b c d\n", "cpu0 1 2 3 4\n"}) {
    const auto stat = ParseStat(text);
    ASSERT_FALSE(stat.has_value()) << text;
    EXPECT_EQ(stat.error().reason, "agent.bad_proc_file");
  }
}

TEST(ParseMeminfo, TurnsKibibytesIntoBytes) {
  const auto info = ParseMeminfo(
      "MemTotal:        1000 kB\nMemFree:   100 kB\nMemAvailable:    600 kB\nBuffers: 10 kB\nCached: 200 kB\n"
      "SwapTotal:    50 kB\nSwapFree:   20 kB\nHugePages_Total:  0\n");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->total, 1'024'000U);
  EXPECT_EQ(info->available, 614'400U);
  EXPECT_EQ(info->swap_total, 51'200U);
  EXPECT_EQ(info->swap_free, 20'480U);
}

TEST(ParseMeminfo, EstimatesWhatIsAvailableWhereTheKernelDoesNotSay) {
  const auto info = ParseMeminfo("MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 10 kB\nCached: 200 kB\n");
  ASSERT_TRUE(info.has_value());
  EXPECT_EQ(info->available, 310U * 1024U);
}

TEST(ParseMeminfo, RefusesATextWithoutATotal) {
  EXPECT_FALSE(ParseMeminfo("").has_value());
  EXPECT_FALSE(ParseMeminfo("MemTotal: 0 kB\n").has_value());
  EXPECT_FALSE(ParseMeminfo("MemTotal: -5 kB\n").has_value());
}

TEST(ParseLoadavg, ReadsThreeNumbers) {
  EXPECT_EQ(ParseLoadavg("0.52 1.00 12.25 2/345 6789\n").value(), (std::array<double, 3>{0.52, 1.0, 12.25}));
  for (const char* text : {"", "0.5 0.6", "a b c", "nan 1 1"}) EXPECT_FALSE(ParseLoadavg(text).has_value()) << text;
}

TEST(ParseUptime, ReadsTheFirstNumber) {
  EXPECT_EQ(ParseUptime("350735.47 234388.90\n").value(), 350735.47);
  EXPECT_FALSE(ParseUptime("").has_value());
}

TEST(ParseDiskstats, CountsSectorsOf512BytesAndSkipsShortLines) {
  const auto disks = ParseDiskstats(
      " 254       0 vda 10 1 300 5 20 2 400 6 0 700 11 0 0 0 0\n"
      "   8       0 sda 1 2 3\n"
      "   8      16 sdb 1 0 2 0 3 0 4 0 0 9\n");
  ASSERT_EQ(disks.size(), 2U);
  EXPECT_EQ(disks[0].device, "vda");
  EXPECT_EQ(disks[0].read_bytes, 153'600U);     // 300 sectors
  EXPECT_EQ(disks[0].written_bytes, 204'800U);  // 400 sectors
  EXPECT_EQ(disks[0].io_milliseconds, 700U);
  EXPECT_EQ(disks[1].device, "sdb");
  EXPECT_EQ(disks[1].io_milliseconds, 9U);
}

TEST(ParseNetDev, ReadsBothDirections) {
  const auto interfaces = ParseNetDev(
      "Inter-|   Receive                  |  Transmit\n"
      " face |bytes    packets errs drop fifo frame compressed multicast|bytes packets errs drop fifo colls carrier "
      "compressed\n"
      "  eth0: 100 10 1 2 0 0 0 0 200 20 3 4 0 0 0 0\n"
      "eth0:1:5 1 0 0 0 0 0 0 6 1 0 0 0 0 0 0\n"
      "  bad: 1 2 3\n");
  ASSERT_EQ(interfaces.size(), 2U);
  EXPECT_EQ(interfaces[0].interface, "eth0");
  EXPECT_EQ(interfaces[0].received.bytes, 100U);
  EXPECT_EQ(interfaces[0].received.packets, 10U);
  EXPECT_EQ(interfaces[0].received.errors, 1U);
  EXPECT_EQ(interfaces[0].received.drops, 2U);
  EXPECT_EQ(interfaces[0].transmitted.bytes, 200U);
  EXPECT_EQ(interfaces[0].transmitted.drops, 4U);
  EXPECT_EQ(interfaces[1].interface, "eth0:1");
  EXPECT_EQ(interfaces[1].received.bytes, 5U);
}

TEST(ParseMounts, UndoesOctalEscapes) {
  const auto mounts = ParseMounts("/dev/sda1 / ext4 rw 0 0\n/dev/sdb1 /mnt/my\\040disk\\0 xfs rw 0 0\nbroken\n");
  ASSERT_EQ(mounts.size(), 2U);
  EXPECT_EQ(mounts[0].mountpoint, "/");
  EXPECT_EQ(mounts[1].mountpoint, "/mnt/my disk\\0");
  EXPECT_EQ(mounts[1].fstype, "xfs");
}

TEST(ParsePressure, ReadsTotals) {
  const auto both = ParsePressure(
      "some avg10=0.10 avg60=0.00 avg300=0.00 total=12345\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=678\n");
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->some_microseconds, 12345U);
  EXPECT_EQ(both->full_microseconds, 678U);
  const auto some = ParsePressure("some avg10=0.10 avg60=0.00 avg300=0.00 total=9\n");
  ASSERT_TRUE(some.has_value());
  EXPECT_FALSE(some->full_microseconds.has_value());
  EXPECT_FALSE(ParsePressure("").has_value());
  EXPECT_FALSE(ParsePressure("some total=x\n").has_value());
}

TEST(FindKeyedValue, FindsAWholeKeyAlone) {
  EXPECT_EQ(FindKeyedValue("usage_usec 5\nuser_usec 3\n", "user_usec"), 3U);
  EXPECT_EQ(FindKeyedValue("usage_usec 5\n", "usage"), std::nullopt);
  EXPECT_EQ(FindKeyedValue("usage_usec\n", "usage_usec"), std::nullopt);
}

TEST(ParseSingleValue, HasNoNumberForMax) {
  EXPECT_EQ(ParseSingleValue("4096\n"), 4096);
  EXPECT_EQ(ParseSingleValue("-2000"), -2000);
  EXPECT_EQ(ParseSingleValue("max\n"), std::nullopt);
  EXPECT_EQ(ParseSingleValue(""), std::nullopt);
  EXPECT_EQ(ParseSingleValue("99999999999999999999999"), std::nullopt);
}

}  // namespace
}  // namespace helios::agent
