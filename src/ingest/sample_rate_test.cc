// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/sample_rate.h"

#include <gtest/gtest.h>

namespace helios::ingest {
namespace {

class TestClock final : public Clock {
 public:
  [[nodiscard]] TimestampMs Now() const override { return now; }
  TimestampMs now = FromUnixMs(1'767'441'600'000);
};

TEST(SampleRate, AllowsABurstAndThenTheRate) {
  TestClock clock;
  SampleRate rate(clock);
  const TenantId tenant{};
  EXPECT_EQ(rate.Take(tenant, 1000, 20'000), 0);
  EXPECT_EQ(rate.Take(tenant, 1000, 1500), 2);
  clock.now += std::chrono::seconds{2};
  EXPECT_EQ(rate.Take(tenant, 1000, 1500), 0);
  EXPECT_EQ(rate.Take(tenant, 0, 1'000'000), 0);
}

TEST(SampleRate, TakesARequestLargerThanTheBurstFromAFullBucket) {
  TestClock clock;
  SampleRate rate(clock);
  EXPECT_EQ(rate.Take(TenantId{}, 100, 50'000), 0);
  EXPECT_EQ(rate.Take(TenantId{}, 100, 1), 1);
}

}  // namespace
}  // namespace helios::ingest
