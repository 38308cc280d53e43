// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/retry_schedule.h"

#include <gtest/gtest.h>

#include <vector>

namespace helios::notify {
namespace {

using namespace std::chrono_literals;

TEST(RetryWait, FollowsThePublishedSchedule) {
  std::vector<std::chrono::milliseconds> waits;
  for (int tries = 1; const auto wait = RetryWait(tries, 0); ++tries) waits.push_back(*wait);
  const std::vector<std::chrono::milliseconds> published = {5s, 5min, 30min, 2h, 5h, 10h, 14h, 20h, 24h};
  EXPECT_EQ(waits, published);
}

TEST(RetryWait, IsLongerByATenthAtMost) {
  EXPECT_EQ(RetryWait(1, 0.5), 5'250ms);
  EXPECT_EQ(RetryWait(3, 0.9999), 30min + 179'982ms);  // 1,800,000 ms x 0.09999
}

TEST(RetryWait, EndsAfterTheLastTry) {
  EXPECT_TRUE(RetryWait(9, 0));
  EXPECT_FALSE(RetryWait(10, 0));
  EXPECT_FALSE(RetryWait(11, 0));
  EXPECT_FALSE(RetryWait(0, 0));
}

}  // namespace
}  // namespace helios::notify
