// SPDX-License-Identifier: Apache-2.0
#include "workbench/series_forecaster.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>

#include "ml/synthetic_series.h"
#include "workbench/named_model_backtest.h"

namespace helios::workbench {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;
using ::testing::HasSubstr;

/// Two weeks of a daily rhythm, every five minutes.
std::vector<ml::Sample> Daily() {
  return ml::SyntheticSeries{.daily_amplitude = 20.0, .noise = 3.0}.Make();
}

TEST(ForecastSeries, GivesEveryModelsForecastAtEveryLevel) {
  const auto history = Daily();
  for (const auto model : ForecastModelNames()) {
    const auto forecast = ForecastSeries(
        history, {.model = std::string(model), .horizons = {60min, 5min, 360min}, .levels = {0.8, 0.95}, .line = true});
    ASSERT_TRUE(forecast) << model << forecast.error().message;
    ASSERT_EQ(forecast->points.size(), 2U);
    ASSERT_EQ(forecast->points[0].size(), 3U);
    EXPECT_EQ(forecast->line[1].size(), 72U) << model;
    EXPECT_EQ(forecast->summary.origin, history.back().time);
    for (std::size_t i = 0; i < 3; ++i) {
      const auto& inner = forecast->points[0][i];
      const auto& outer = forecast->points[1][i];
      EXPECT_EQ(inner.value, outer.value) << model;
      EXPECT_LE(outer.lower, inner.lower) << model;
      EXPECT_LE(inner.lower, inner.value) << model;
      EXPECT_LE(inner.value, inner.upper) << model;
      EXPECT_LE(inner.upper, outer.upper) << model;
      EXPECT_EQ(inner.time, history.back().time + inner.horizon);
    }
    // The last point of the line is the farthest horizon.
    EXPECT_EQ(forecast->line[0].back().value, forecast->points[0][2].value) << model;
    const auto& metrics = forecast->summary.metrics;
    ASSERT_TRUE(metrics.mae && metrics.mase && metrics.coverage) << model;
    EXPECT_LT(*metrics.mase, 1.5) << model;
    EXPECT_GT(*metrics.coverage, 0.6) << model;
    EXPECT_GT(metrics.origins, 10U) << model;
  }
}

TEST(ForecastSeries, NamesTheModelThatItChose) {
  const auto chosen = ForecastSeries(Daily(), {.horizons = {60min}});
  ASSERT_TRUE(chosen);
  EXPECT_EQ(chosen->model, "ensemble");
  const auto named = ForecastSeries(Daily(), {.model = "theta", .horizons = {60min}});
  ASSERT_TRUE(named);
  EXPECT_EQ(named->model, "theta");
  EXPECT_THAT(named->summary.reason, HasSubstr("asked for by name"));
}

TEST(ForecastSeries, TakesASeasonForTheModelsThatHaveOne) {
  const auto half_day = ForecastSeries(Daily(), {.model = "seasonal_naive", .horizons = {60min}, .seasons = {12h}});
  ASSERT_TRUE(half_day) << half_day.error().message;
  EXPECT_EQ(half_day->summary.season_length, 144U);
  for (const auto& [model, season] : std::initializer_list<std::pair<const char*, minutes>>{
           {"automatic", 1440min}, {"prophet", 1440min}, {"xgboost", 1440min}, {"theta", 7min}, {"theta", 5min}}) {
    const auto refused = ForecastSeries(Daily(), {.model = model, .horizons = {60min}, .seasons = {season}});
    ASSERT_FALSE(refused) << model;
    EXPECT_TRUE(refused.error().reason == "inference.bad_model_options" ||
                refused.error().reason == "workbench.unknown_model")
        << refused.error().reason;
  }
}

TEST(ForecastSeries, RefusesWhatItCannotDoByACode) {
  const auto history = Daily();
  const auto reason = [&](const ForecastRequest& request) {
    const auto forecast = ForecastSeries(history, request);
    return forecast ? std::string("none") : std::string(forecast.error().reason);
  };
  EXPECT_EQ(reason({.model = "thetta", .horizons = {60min}}), "workbench.unknown_model");
  for (const char* model : {"automatic", "mstl"}) {
    EXPECT_EQ(reason({.model = model, .horizons = {0min}}), "inference.bad_horizon");
    EXPECT_EQ(reason({.model = model, .horizons = {10'081min}}), "inference.bad_horizon");
    EXPECT_EQ(reason({.model = model, .horizons = {60min}, .levels = {95.0}}), "inference.bad_level");
    EXPECT_EQ(ForecastSeries(std::span(history).first(2), {.model = model, .horizons = {60min}}).error().reason,
              "inference.not_enough_history");
  }
}

TEST(ForecastSeries, TakesWhatIsBarelyASeries) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<std::vector<double>> odd = {
      {1, 2, 3}, {5, 5, 5, 5}, {0, 0, 0}, {1e308, -1e308, 1e308, -1e308}, {nan, 1, nan, nan, 2, 3}};
  for (const auto model : ForecastModelNames()) {
    for (const auto& values : odd) {
      std::vector<ml::Sample> history;
      for (const double value : values) {
        history.push_back({TimestampMs{std::chrono::minutes{history.size()}}, value});
      }
      const auto forecast =
          ForecastSeries(history, {.model = std::string(model), .horizons = {1min, 60min}, .line = true});
      if (!forecast) {
        EXPECT_FALSE(forecast.error().message.empty());
        continue;
      }
      for (const auto& point : forecast->points[0]) {
        EXPECT_TRUE(std::isfinite(point.value) && std::isfinite(point.lower) && std::isfinite(point.upper)) << model;
        EXPECT_LE(point.lower, point.upper) << model;
      }
    }
  }
}

TEST(BacktestNamedModel, MeasuresTheErrorsOfAForecastThatIsKnown) {
  // The last value, on values that rise by 1: at one step the error is 1, at three it is 3.
  std::vector<double> rising;
  for (int i = 0; i < 100; ++i) rising.push_back(i);
  const ml::RegularHistory history{.first = {}, .step = 60s, .values = rising};
  const FitNamedModel naive = [](const ml::RegularHistory& part) {
    return ml::FitModel(ml::NamedModel::kSeasonalNaive, part, {});
  };
  const std::vector<std::size_t> steps = {1, 3};
  const auto metrics = BacktestNamedModel(naive, history, steps, 0, 0.95);
  EXPECT_DOUBLE_EQ(metrics.mae.value(), 2.0);
  EXPECT_DOUBLE_EQ(metrics.mase.value(), 2.0);  // the naive's own error is 1
  // 40 values after the first 60; every one of them is a target one step ahead.
  EXPECT_EQ(metrics.origins, 40U);
}

TEST(BacktestNamedModel, MeasuresNothingWhereNothingCanBeHeldBack) {
  const std::vector<double> three = {1, 2, 3};
  const ml::RegularHistory history{.first = {}, .step = 60s, .values = three};
  const FitNamedModel theta = [](const ml::RegularHistory& part) {
    return ml::FitModel(ml::NamedModel::kTheta, part, {});
  };
  const std::vector<std::size_t> steps = {60};
  EXPECT_FALSE(BacktestNamedModel(theta, history, steps, 0, 0.95).mae);
}

}  // namespace
}  // namespace helios::workbench
