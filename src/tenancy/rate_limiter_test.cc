// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/rate_limiter.h"

#include <gtest/gtest.h>

namespace helios::tenancy {
namespace {

class TestClock final : public Clock {
 public:
  [[nodiscard]] TimestampMs Now() const override { return now; }
  TimestampMs now = FromUnixMs(3'600'000LL * 480'000);  // on the hour
};

const std::vector<RateWindow> kWindows = {{.name = "minute", .quota = 2, .length = std::chrono::seconds{60}},
                                          {.name = "hour", .quota = 3, .length = std::chrono::seconds{3600}}};

TEST(LocalRateLimiter, RefusesAboveAnyWindowAndOpensAgain) {
  TestClock clock;
  LocalRateLimiter limiter(clock);
  EXPECT_TRUE(limiter.Take("a", kWindows).allowed);
  const RateDecision second = limiter.Take("a", kWindows);
  EXPECT_TRUE(second.allowed);
  EXPECT_EQ(second.window.name, "minute");
  EXPECT_EQ(second.remaining, 0U);

  const RateDecision third = limiter.Take("a", kWindows);
  EXPECT_FALSE(third.allowed);
  EXPECT_EQ(third.window.name, "minute");
  EXPECT_EQ(third.resets_in, std::chrono::seconds{60});
  EXPECT_TRUE(limiter.Take("b", kWindows).allowed);

  clock.now += std::chrono::minutes{1};
  EXPECT_TRUE(limiter.Take("a", kWindows).allowed);
  const RateDecision hourly = limiter.Take("a", kWindows);
  EXPECT_FALSE(hourly.allowed);
  EXPECT_EQ(hourly.window.name, "hour");
  EXPECT_EQ(hourly.resets_in, std::chrono::seconds{3540});
}

}  // namespace
}  // namespace helios::tenancy
