// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/zone_clock.h"

#include <gtest/gtest.h>

namespace helios::jobs {
namespace {

using namespace std::chrono_literals;

TimestampMs At(std::string_view text) {
  return ParseRfc3339(text).value();
}

TEST(ZoneClock, FollowsTheZoneOverItsChanges) {
  const ml::LocalClock berlin = ZoneClock("Europe/Berlin");
  EXPECT_EQ(berlin.OffsetAt(At("2026-03-29T00:59:59Z")), 1h);
  EXPECT_EQ(berlin.OffsetAt(At("2026-03-29T01:00:00Z")), 2h);
  EXPECT_EQ(berlin.OffsetAt(At("2026-10-25T01:00:00Z")), 1h);
  EXPECT_EQ(ZoneClock("Asia/Kolkata").OffsetAt(At("2026-01-01T00:00:00Z")), 5h + 30min);
}

TEST(ZoneClock, IsUtcWhereTheZoneIsNotKnown) {
  EXPECT_EQ(ZoneClock("Mars/Olympus").OffsetAt(At("2026-07-01T00:00:00Z")), 0s);
  EXPECT_EQ(ZoneClock("").OffsetAt(At("2026-07-01T00:00:00Z")), 0s);
}

}  // namespace
}  // namespace helios::jobs
