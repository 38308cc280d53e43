// SPDX-License-Identifier: Apache-2.0
#include "ml/grid.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

namespace helios::ml {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsNan;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

Sample At(std::int64_t ms, double value) {
  return {FromUnixMs(ms), value};
}

TEST(InferStep, IsTheMedianDistanceWhateverTheOrder) {
  EXPECT_EQ(InferStep(std::vector{At(30'000, 1), At(0, 1), At(10'000, 1), At(20'000, 1), At(90'000, 1)}), 10s);
}

TEST(InferStep, LooksPastJitterAndDuplicates) {
  EXPECT_EQ(InferStep(std::vector{At(0, 1), At(0, 1), At(10'400, 1), At(20'100, 1), At(20'100, 1), At(30'600, 1)}),
            10s);
}

TEST(InferStep, RoundsAnOddSpacingUpSoThatNoStepStaysEmpty) {
  EXPECT_EQ(InferStep(std::vector{At(0, 1), At(7'000, 1), At(14'000, 1)}), 10s);
}

TEST(InferStep, StaysBetweenASecondAndADay) {
  EXPECT_EQ(InferStep(std::vector{At(0, 1), At(5, 1), At(10, 1)}), 1s);
  EXPECT_EQ(InferStep(std::vector{At(0, 1), At(7 * 86'400'000LL, 1)}), 24h);
  EXPECT_EQ(InferStep({}), 1s);
  EXPECT_EQ(InferStep(std::vector{At(5, 1), At(5, 1)}), 1s);
}

TEST(WorkingStep, GrowsWithTheHistoryUpToFiveMinutes) {
  EXPECT_EQ(WorkingStep(10s, 5min), 10s);
  EXPECT_EQ(WorkingStep(10s, 6h), 1min);  // 21,600 s / 576 = 37.5 s, and the next step is a minute
  EXPECT_EQ(WorkingStep(10s, 48h), 5min);
  EXPECT_EQ(WorkingStep(10s, 14 * 24h), 5min);
}

TEST(WorkingStep, IsNeverFinerThanTheSamples) {
  EXPECT_EQ(WorkingStep(1h, 5h), 1h);
  EXPECT_EQ(WorkingStep(24h, 1000 * 24h), 24h);
}

TEST(ToGrid, EndsAtTheNewestSampleAndMarksGaps) {
  const auto grid = ToGrid(std::vector{At(40'000, 4), At(0, 0), At(10'000, 1)}, 10s, 10s);
  EXPECT_THAT(grid.values, ElementsAre(0, 1, IsNan(), IsNan(), 4));
  EXPECT_EQ(grid.TimeAt(4), FromUnixMs(40'000));
  EXPECT_EQ(grid.first, FromUnixMs(0));
  EXPECT_EQ(grid.samples_used, 3U);
}

TEST(ToGrid, AveragesWhatFallsIntoTheStepThatEndsAtItsTime) {
  std::vector<Sample> samples;
  for (int i = 1; i <= 6; ++i) samples.push_back(At(i * 10'000, i));
  // Steps of 30 s that end at 60 s and 30 s: samples 4, 5, 6 and 1, 2, 3.
  EXPECT_THAT(ToGrid(samples, 10s, 30s).values, ElementsAre(2, 5));
}

TEST(ToGrid, KeepsEachJitteredSampleInItsOwnStep) {
  const std::vector samples{At(20'400, 1), At(29'700, 2), At(40'300, 3), At(50'000, 4)};
  EXPECT_THAT(ToGrid(samples, 10s, 10s).values, ElementsAre(1, 2, 3, 4));
}

TEST(ToGrid, TakesNonFiniteValuesForGaps) {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector samples{At(0, 1), At(1'000, kNan), At(2'000, 3), At(3'000, infinity), At(4'000, kNan)};
  const auto grid = ToGrid(samples, 1s, 1s);
  EXPECT_THAT(grid.values, ElementsAre(1, IsNan(), 3));  // ends at the newest finite sample
  EXPECT_TRUE(ToGrid(std::vector{At(0, kNan)}, 1s, 1s).values.empty());
}

TEST(ToGrid, AveragesHugeValuesWithoutOverflow) {
  const std::vector samples{At(0, 1e308), At(0, 1e308), At(0, 1e308)};
  const auto grid = ToGrid(samples, 1s, 1s);
  ASSERT_EQ(grid.values.size(), 1U);
  EXPECT_DOUBLE_EQ(grid.values[0], 1e308);
}

TEST(ToGrid, KeepsTheNewestStepsOfALongHistory) {
  std::vector<Sample> samples;
  for (int i = 0; i < 5'000; ++i) samples.push_back(At(i * 1'000, i));
  const auto grid = ToGrid(samples, 1s, 1s);
  ASSERT_EQ(grid.values.size(), kMaxGridPoints);
  EXPECT_EQ(grid.values.back(), 4'999);
  EXPECT_EQ(grid.values.front(), 968);  // 4,999 - 4,031
  EXPECT_EQ(grid.oldest_sample, FromUnixMs(968'000));
}

}  // namespace
}  // namespace helios::ml
