// SPDX-License-Identifier: Apache-2.0
#include "workbench/level_coverage.h"

#include <gmock/gmock.h>

#include "ml/synthetic_series.h"
#include "workbench/variance_shift_backtest.h"

namespace helios::workbench {
namespace {

RegularSeries Hourly() {
  RegularSeries series{.path = "a.csv", .first = {}, .step = std::chrono::hours{1}, .values = {}};
  const auto samples =
      ml::SyntheticSeries{.samples = 24 * 28, .step = std::chrono::hours{1}, .daily_amplitude = 20.0, .noise = 3.0}
          .Make();
  for (const auto& sample : samples) series.values.push_back(sample.value);
  return series;
}

TEST(LevelCoverage, EachLevelHoldsAboutWhatItSaysAndMoreThanALowerOne) {
  const auto coverage = MeasureLevels(Hourly());
  ASSERT_TRUE(coverage);
  for (std::size_t i = 0; i < kCoverageLevels.size(); ++i) {
    EXPECT_NEAR(coverage->day[i], kCoverageLevels[i], 0.10) << kCoverageLevels[i];  // of 192 values
    if (i > 0) EXPECT_GE(coverage->day[i], coverage->day[i - 1]);
  }
}

TEST(LevelCoverage, SeriesCountAlike) {
  LevelCoverage one;
  one.hour.fill(0.25);
  one.day.fill(1.0);
  const std::vector<LevelCoverage> two = {one, {}};
  EXPECT_EQ(MeanCoverage(two).hour[2], 0.125);
  EXPECT_EQ(MeanCoverage(two).day[2], 0.5);
  EXPECT_EQ(MeanCoverage(std::span<const LevelCoverage>{}).day[0], 0.0);
  EXPECT_THAT(RenderLevels(one), ::testing::HasSubstr("     80       25.0    100.0\n"));
}

TEST(LevelCoverage, ASeriesWithoutADifferenceBetweenDaysIsLeftOut) {
  auto series = Hourly();
  for (std::size_t t = 0; t < series.values.size(); ++t) series.values[t] = static_cast<double>(t % 24);
  const auto coverage = MeasureLevels(series);
  ASSERT_TRUE(coverage);
  EXPECT_EQ(coverage->day[0], 0.0);
}

TEST(VarianceShift, IntervalsAreTooNarrowAtFirstAndRecover) {
  auto series = Hourly();
  for (double& value : series.values) value = 100.0 + 0.1 * (value - 100.0);
  const auto coverage = MeasureVarianceShift(series);
  ASSERT_TRUE(coverage);
  EXPECT_LT(coverage->day.front(), 0.95);
  EXPECT_GT(coverage->day.back(), coverage->day.front());
  EXPECT_THAT(RenderShift(*coverage), ::testing::HasSubstr("\n         24 "));
}

}  // namespace
}  // namespace helios::workbench
