// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "query/aggregate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace helios::query {
namespace {

Point At(std::int64_t seconds, double value) {
  return {.time = FromUnixMs(seconds * 1000), .value = value};
}

TEST(AggregateByStep, GivesOnePointForEachStepThatHoldsASample) {
  const std::vector<Point> samples = {At(0, 1), At(10, 3), At(20, std::numeric_limits<double>::quiet_NaN()), At(60, 5),
                                      At(190, 7)};
  const std::chrono::seconds minute{60};
  EXPECT_EQ(AggregateByStep(samples, minute, Aggregate::kAvg), (std::vector<Point>{At(0, 2), At(60, 5), At(180, 7)}));
  EXPECT_EQ(AggregateByStep(samples, minute, Aggregate::kMin).front(), At(0, 1));
  EXPECT_EQ(AggregateByStep(samples, minute, Aggregate::kMax).front(), At(0, 3));
  EXPECT_EQ(AggregateByStep(samples, minute, Aggregate::kSum).front(), At(0, 4));
  EXPECT_EQ(AggregateByStep(samples, minute, Aggregate::kCount).front(), At(0, 2));
  EXPECT_EQ(AggregateByStep(samples, minute, Aggregate::kLast).front(), At(0, 3));
  EXPECT_TRUE(AggregateByStep({}, minute, Aggregate::kAvg).empty());
}

TEST(KeepExtremes, KeepsASpikeAndTheEnds) {
  std::vector<Point> samples;
  for (int i = 0; i < 1000; ++i) samples.push_back(At(i, i == 777 ? 50.0 : i == 333 ? -50.0 : 1.0));
  const auto kept = KeepExtremes(samples, 20);
  EXPECT_LE(kept.size(), 20U);
  EXPECT_EQ(kept.front(), samples.front());
  EXPECT_EQ(kept.back(), samples.back());
  EXPECT_NE(std::ranges::find(kept, At(777, 50)), kept.end());
  EXPECT_NE(std::ranges::find(kept, At(333, -50)), kept.end());
  EXPECT_EQ(KeepExtremes({At(1, 1)}, 4).size(), 1U);
}

}  // namespace
}  // namespace helios::query
