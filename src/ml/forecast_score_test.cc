// SPDX-License-Identifier: Apache-2.0
#include "ml/forecast_score.h"

#include <gmock/gmock.h>

#include <array>
#include <cmath>

namespace helios::ml {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const double kNan = std::nan("");

TEST(SeasonalNaiveScale, IsTheMeanDifferenceAcrossASeason) {
  // Season 2: |3 - 1|, |2 - 2|, |6 - 3|.
  EXPECT_DOUBLE_EQ(SeasonalNaiveScale(std::array{1.0, 2.0, 3.0, 2.0, 6.0}, 2), 5.0 / 3.0);
  EXPECT_DOUBLE_EQ(SeasonalNaiveScale(std::array{1.0, 2.0, kNan, 4.0}, 2), 2.0);
  EXPECT_EQ(SeasonalNaiveScale(std::array{1.0, 2.0}, 2), 0.0);
}

TEST(ScoreForecast, AveragesErrorsWidthsAndMisses) {
  const IntervalForecast forecast{.value = {10, 10, 10, 10}, .lower = {8, 8, 8, 8}, .upper = {12, 12, 12, 12}};
  // Errors 0, 1, unknown, 5. The last lies 3 above its interval: 40 * 3 on top of the width of 4.
  const auto score = ScoreForecast(std::array{10.0, 9.0, kNan, 15.0}, forecast, 4, 2.0, 0.95);
  EXPECT_EQ(score.steps, 3U);
  EXPECT_DOUBLE_EQ(score.mase, 6.0 / 3.0 / 2.0);
  EXPECT_NEAR(score.msis, (3 * 4.0 + 40.0 * 3.0) / 3.0 / 2.0, 1e-9);
  EXPECT_DOUBLE_EQ(score.coverage, 2.0 / 3.0);
  EXPECT_EQ(ScoreForecast(std::array{kNan}, forecast, 1, 2.0, 0.95).steps, 0U);
}

TEST(MeanScore, PassesOverForecastsWithoutAKnownValue) {
  const std::array scores = {ForecastScore{1.0, 4.0, 1.0, 3}, ForecastScore{}, ForecastScore{3.0, 8.0, 0.0, 1}};
  const auto mean = MeanScore(scores);
  EXPECT_DOUBLE_EQ(mean.mase, 2.0);
  EXPECT_DOUBLE_EQ(mean.msis, 6.0);
  EXPECT_DOUBLE_EQ(mean.coverage, 0.5);
}

TEST(RollingOrigins, SpreadsOverTheLastShareAndLeavesRoomForTheHorizon) {
  EXPECT_THAT(RollingOrigins(100, 10, 0, 3, 0.3), ElementsAre(70, 80, 90));
  EXPECT_THAT(RollingOrigins(100, 10, 75, 3, 0.3), ElementsAre(80, 90));
  EXPECT_THAT(RollingOrigins(100, 29, 0, 8, 0.3), ElementsAre(70, 71));  // no origin twice
  EXPECT_THAT(RollingOrigins(100, 31, 0, 8, 0.3), IsEmpty());
  EXPECT_THAT(RollingOrigins(100, 10, 0, 1, 0.3), ElementsAre(70));
  EXPECT_THAT(RollingOrigins(0, 10, 0, 8, 0.3), IsEmpty());
}

TEST(YardstickForecast, RepeatsTheSeasonWithANormalBand) {
  // Differences across the season: 2, 4, so their standard deviation is sqrt(2).
  const auto forecast = YardstickForecast(std::array{10.0, 20.0, 12.0, 24.0}, 2, 2, 0.95);
  EXPECT_THAT(forecast.value, ElementsAre(12.0, 24.0));
  EXPECT_NEAR(forecast.upper[0], 12.0 + 1.959964 * std::sqrt(2.0), 1e-5);
  EXPECT_NEAR(forecast.lower[1], 24.0 - 1.959964 * std::sqrt(2.0), 1e-5);
  const auto low = YardstickForecast(std::array{1.0, 9.0, 9.0, 1.0}, 2, 2, 0.95);
  EXPECT_EQ(low.lower[1], 0.0);  // the history never was negative
}

}  // namespace
}  // namespace helios::ml
