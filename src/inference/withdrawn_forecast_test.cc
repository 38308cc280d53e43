// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/withdrawn_forecast.h"

#include <gtest/gtest.h>

namespace helios::inference {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kStart = FromUnixMs(1'767'441'600'000);

/// An hourly saw of twelve steps: 0 to 11, again and again.
std::vector<ml::Sample> Saw(int count) {
  std::vector<ml::Sample> samples;
  for (int i = 0; i < count; ++i) samples.push_back({kStart + i * 5min, static_cast<double>(i % 12)});
  return samples;
}

ml::SeriesForecast ForecastFrom(TimestampMs origin) {
  ml::SeriesForecast forecast;
  forecast.origin = origin;
  forecast.model_type = ml::ModelType::kEnsemble;
  forecast.step = 5min;
  forecast.season_length = 12;
  forecast.metrics.mase = 0.5;
  for (const auto horizon : {15min, 60min}) {
    forecast.points.push_back({.time = origin + horizon, .horizon = horizon, .value = 100, .lower = 90, .upper = 110});
  }
  return forecast;
}

TEST(WithdrawnForecast, LeavesTheOtherHorizonsToTheModel) {
  const auto history = Saw(36);
  ml::SeriesForecast forecast = ForecastFrom(history.back().time);
  const std::vector<WithdrawnHorizon> withdrawn = {{15min, {.since = kStart, .reason = "lost"}}};
  ReplaceWithdrawn(forecast, withdrawn, history, 0.95);
  EXPECT_EQ(forecast.points[0].value, 2) << "the saw went back to 0 at 5 min";
  EXPECT_EQ(forecast.points[0].lower, 2) << "it was never wrong within the history";
  EXPECT_EQ(forecast.points[1].value, 100);
  EXPECT_EQ(forecast.model_type, ml::ModelType::kEnsemble);
  EXPECT_EQ(forecast.metrics.mase, 0.5);
}

TEST(WithdrawnForecast, IsTheSeasonalNaivesWhereNothingOfTheModelIsLeft) {
  const auto history = Saw(36);
  ml::SeriesForecast forecast = ForecastFrom(history.back().time);
  const std::vector<WithdrawnHorizon> withdrawn = {{15min, {.since = kStart, .reason = "lost"}},
                                                   {60min, {.since = kStart, .reason = "lost too"}}};
  ReplaceWithdrawn(forecast, withdrawn, history, 0.95);
  EXPECT_EQ(forecast.points[1].value, 11);
  EXPECT_EQ(forecast.model_type, ml::ModelType::kSeasonalNaive);
  EXPECT_EQ(forecast.reason, "lost");
  EXPECT_FALSE(forecast.metrics.mase) << "that was the model's";
}

}  // namespace
}  // namespace helios::inference
