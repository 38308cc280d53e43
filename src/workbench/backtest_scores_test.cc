// SPDX-License-Identifier: Apache-2.0
#include "workbench/backtest_scores.h"

#include <gtest/gtest.h>

#include <cmath>

namespace helios::workbench {
namespace {

SeriesScore Score(std::string family, double mase) {
  SeriesScore score;
  score.family = std::move(family);
  for (auto* one : {&score.hour, &score.day}) {
    one->mase = mase;
    one->msis = 1.0;
  }
  return score;
}

TEST(BacktestScores, ASettingIsChosenWithoutTheFamilyItIsJudgedOn) {
  // The first setting is the best one on family a alone, the second on family b alone.
  const std::vector<ForecasterScore> settings = {{"", {Score("a", 0.1), Score("a", 0.2), Score("b", 0.9)}},
                                                 {"", {Score("a", 0.7), Score("a", 0.8), Score("b", 0.3)}}};
  const auto chosen = LeaveOneFamilyOut(settings);
  ASSERT_EQ(chosen.size(), 3U);
  EXPECT_EQ(chosen[0].hour.mase, 0.7);  // b chose the second setting for a
  EXPECT_EQ(chosen[1].hour.mase, 0.8);
  EXPECT_EQ(chosen[2].hour.mase, 0.9);  // a chose the first for b
}

TEST(BacktestScores, RelativeScoresAreGeometricMeans) {
  const ForecasterScore yardstick{"", {Score("a", 1.0), Score("b", 2.0)}};
  const ForecasterScore score{"", {Score("a", 0.5), Score("b", 0.25)}};
  const auto summary = Summarise(score, yardstick);
  EXPECT_NEAR(summary.relative_hour, 0.25, 1e-12);  // of 1/2 and 1/8
  EXPECT_NEAR(summary.hour, 0.375, 1e-12);
}

TEST(BacktestScores, ADayIsForecastFromEightOriginsInTheLastThirdAndTheHourOfFourStepsAtLeast) {
  RegularSeries series{.path = "a/b.csv", .first = {}, .step = std::chrono::hours{1}, .values = {}};
  for (int t = 0; t < 24 * 20; ++t) series.values.push_back(t % 24 + 0.1 * (t % 7));
  EXPECT_EQ(BacktestOrigins(series).size(), 8U);
  EXPECT_EQ(BacktestOrigins(series).front(), 336U);  // 70 % of 480
  EXPECT_EQ(BacktestOrigins(series).back(), 456U);   // a day before the end
  std::size_t longest = 0;
  const auto score = ScoreSeries(
      series, [&](std::span<const double> history, std::size_t day, std::size_t steps) -> Result<ml::IntervalForecast> {
        longest = std::max(longest, history.size());
        EXPECT_EQ(day, 24U);
        return ml::IntervalForecast{
            .value = std::vector(steps, 0.0), .lower = std::vector(steps, -100.0), .upper = std::vector(steps, 100.0)};
      });
  ASSERT_TRUE(score);
  EXPECT_EQ(longest, 14U * 24U);
  EXPECT_EQ(score->family, "a");
  EXPECT_EQ(score->hour.coverage, 1.0);
}

}  // namespace
}  // namespace helios::workbench
