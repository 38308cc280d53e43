// SPDX-License-Identifier: Apache-2.0
#include "agent/schedule.h"

#include <gtest/gtest.h>

namespace helios::agent {
namespace {

using std::chrono::milliseconds;

Schedule::Time At(int ms) {
  return Schedule::Time(milliseconds(ms));
}

TEST(Schedule, DoesNotDriftWhenRoundsAreTakenLate) {
  Schedule schedule(At(1'000), milliseconds(10'000));
  EXPECT_EQ(schedule.next(), At(1'000));
  schedule.Advance(At(1'250));
  EXPECT_EQ(schedule.next(), At(11'000));
  schedule.Advance(At(11'900));
  EXPECT_EQ(schedule.next(), At(21'000));
}

TEST(Schedule, LeavesOutRoundsThatWereMissed) {
  Schedule schedule(At(0), milliseconds(10'000));
  schedule.Advance(At(34'999));  // 10, 20 and 30 s are past
  EXPECT_EQ(schedule.next(), At(40'000));
  schedule.Advance(At(60'000));  // 50 s is past and 60 s is now: the round just taken stands for both
  EXPECT_EQ(schedule.next(), At(70'000));
}

}  // namespace
}  // namespace helios::agent
