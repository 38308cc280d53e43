// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/alike.h"

#include <gtest/gtest.h>

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z

/// Expected 100, in [90, 110].
Deviation At(TimestampMs time, double value) {
  return {.time = time, .value = value, .expected = 100, .lower = 90, .upper = 110};
}

TEST(Alike, ASimilarPeakIsAlikeAtAnyHour) {
  const Deviation mark = At(kNoon, 160);
  EXPECT_TRUE(Alike(mark, At(kNoon + 7h, 160)));
  EXPECT_TRUE(Alike(mark, At(kNoon + 7h, 190)));   // 90 from 100: 1.5 times 60
  EXPECT_FALSE(Alike(mark, At(kNoon + 7h, 191)));  // more
  EXPECT_TRUE(Alike(mark, At(kNoon + 7h, 140)));   // 40: two thirds of 60
  EXPECT_FALSE(Alike(mark, At(kNoon + 7h, 139)));  // less
}

TEST(Alike, ASmallerPeakIsAlikeWithinAnHourOfTheSameTimeOfDay) {
  const Deviation mark = At(kNoon, 160);
  EXPECT_TRUE(Alike(mark, At(kNoon + 24h * 5 + 60min, 115)));
  EXPECT_TRUE(Alike(mark, At(kNoon - 24h * 5 - 60min, 115)));
  EXPECT_FALSE(Alike(mark, At(kNoon + 24h * 5 + 61min, 115)));
}

TEST(Alike, MidnightDoesNotPartTimesOfDay) {
  const Deviation mark = At(kNoon + 11h + 50min, 160);
  EXPECT_TRUE(Alike(mark, At(kNoon + 12h + 40min, 115)));
}

TEST(Alike, TheOtherSideOfWhatWasExpectedIsNotAlike) {
  EXPECT_FALSE(Alike(At(kNoon, 160), At(kNoon, 40)));
}

TEST(Alike, WithinTheExpectedRangeTheTimeOfDayDecides) {
  EXPECT_TRUE(Alike(At(kNoon, 105), At(kNoon + 24h, 95)));
  EXPECT_FALSE(Alike(At(kNoon, 105), At(kNoon + 2h, 105)));
}

}  // namespace
}  // namespace helios::detection
