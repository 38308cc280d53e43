// SPDX-License-Identifier: Apache-2.0
#include "ml/forecast.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;
using ::testing::HasSubstr;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<Sample> Minutely(std::initializer_list<double> values) {
  std::vector<Sample> samples;
  for (const double value : values) {
    samples.push_back({FromUnixMs(60'000 * static_cast<std::int64_t>(samples.size())), value});
  }
  return samples;
}

TEST(Forecast, RefusesFewerThanThreeFiniteSamples) {
  for (const auto& history : {Minutely({}), Minutely({1, 2}), Minutely({1, kNan, kNan, 4}), Minutely({kNan})}) {
    const auto forecast = Forecast(history, {});
    ASSERT_FALSE(forecast);
    EXPECT_EQ(forecast.error().code, ErrorCode::kFailedPrecondition);
    EXPECT_EQ(forecast.error().reason, "inference.not_enough_history");
  }
}

TEST(Forecast, RefusesHorizonsOutsideOneMinuteToAWeek) {
  for (const auto& horizons : std::vector<std::vector<minutes>>{{}, {0min}, {-5min}, {15min, 10'081min}}) {
    const auto forecast = Forecast(Minutely({1, 2, 3}), {.horizons = horizons});
    ASSERT_FALSE(forecast);
    EXPECT_EQ(forecast.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(forecast.error().reason, "inference.bad_horizon");
  }
  EXPECT_TRUE(Forecast(Minutely({1, 2, 3}), {.horizons = {1min, 10'080min}}));
}

TEST(Forecast, RefusesLevelsOutsideZeroToOne) {
  for (const double level : {0.0, 1.0, -0.5, 95.0, kNan}) {
    const auto forecast = Forecast(Minutely({1, 2, 3}), {.level = level});
    ASSERT_FALSE(forecast);
    EXPECT_EQ(forecast.error().reason, "inference.bad_level");
  }
}

TEST(Forecast, AHabitStaysOnTheClockThatIsPutForward) {
  // Busy from 09:00 to 17:00 by a clock that is put forward an hour after ten days of fourteen.
  const auto first = FromUnixMs(1'700'006'400'000);  // a midnight
  const auto change = first + std::chrono::days{10} + std::chrono::hours{2};
  const auto clock = LocalClock::Make({{.from = first - std::chrono::days{100}, .offset = std::chrono::hours{1}},
                                       {.from = change, .offset = std::chrono::hours{2}}});
  ASSERT_TRUE(clock);
  const auto load = [&](TimestampMs time) {
    const auto of_day = clock->ToLocal(time).time_since_epoch() % std::chrono::days{1};
    return of_day >= std::chrono::hours{9} && of_day < std::chrono::hours{17} ? 80.0 : 20.0;
  };
  // Four days are known since the change: enough for no model to be sure by itself which hour it is.
  for (const int days : {11, 14}) {
    std::vector<Sample> history;
    for (auto time = first; time < first + std::chrono::days{days}; time += 15min)
      history.push_back({time, load(time)});
    ForecastOptions options{.clock = *clock};
    options.horizons.clear();
    for (int quarter = 1; quarter <= 96; ++quarter) options.horizons.emplace_back(15 * quarter);
    const auto forecast = Forecast(history, options);
    ASSERT_TRUE(forecast);
    EXPECT_EQ(forecast->origin, history.back().time);
    for (const auto& point : forecast->points) {
      EXPECT_EQ(point.time, forecast->origin + point.horizon);
      EXPECT_NEAR(point.value, load(point.time), 1.0) << days << " days, " << point.horizon.count() << " min";
    }
  }
}

TEST(Forecast, AClockThatIsPutBackIsForecastOverTheHourThatComesTwice) {
  const auto first = FromUnixMs(1'700'006'400'000);
  const auto change = first + std::chrono::days{14} + std::chrono::hours{3};  // after the history
  const auto clock = LocalClock::Make({{.from = first - std::chrono::days{100}, .offset = std::chrono::hours{2}},
                                       {.from = change, .offset = std::chrono::hours{1}}});
  ASSERT_TRUE(clock);
  const auto load = [&](TimestampMs time) {
    const auto of_day = clock->ToLocal(time).time_since_epoch() % std::chrono::days{1};
    return of_day >= std::chrono::hours{9} && of_day < std::chrono::hours{17} ? 80.0 : 20.0;
  };
  std::vector<Sample> history;
  for (auto time = first; time < first + std::chrono::days{14}; time += 15min) history.push_back({time, load(time)});
  const ForecastOptions options{.horizons = {120min, 180min, 540min, 900min, 1'200min}, .clock = *clock};
  const auto forecast = Forecast(history, options);
  ASSERT_TRUE(forecast);
  for (const auto& point : forecast->points) EXPECT_NEAR(point.value, load(point.time), 1.0) << point.horizon.count();
}

TEST(Forecast, RefusesTimesNoCalendarHas) {
  auto history = Minutely({1, 2, 3});
  history[1].time = TimestampMs::max();
  const auto forecast = Forecast(history, {});
  ASSERT_FALSE(forecast);
  EXPECT_EQ(forecast.error().reason, "inference.bad_timestamp");
}

TEST(Forecast, StartsFromThreeSamplesWithAWideBand) {
  const auto forecast = Forecast(Minutely({10, 20, 30}), {.horizons = {1min, 15min}});
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->model_type, ModelType::kExponentialSmoothing);
  EXPECT_EQ(forecast->origin, FromUnixMs(120'000));
  EXPECT_EQ(forecast->step, 1min);
  EXPECT_EQ(forecast->history_samples, 3U);
  EXPECT_EQ(forecast->history_span, 2min);
  EXPECT_EQ(forecast->season_length, 0U);
  EXPECT_FALSE(forecast->metrics.coverage);
  ASSERT_EQ(forecast->points.size(), 2U);
  const auto& next = forecast->points[0];
  EXPECT_EQ(next.time, FromUnixMs(180'000));
  EXPECT_DOUBLE_EQ(next.value, 22.5);  // 10, 15, 22.5
  // Its own errors were 10 and 15: rms sqrt(162.5), times t(0.95, 2) = 4.30265 and sqrt(3/2).
  EXPECT_NEAR(next.upper, 22.5 + std::sqrt(162.5) * 4.30265 * std::sqrt(1.5), 1e-3);
  EXPECT_EQ(next.lower, 0.0);  // never below zero: the history is not
  EXPECT_GT(forecast->points[1].upper, next.upper);
}

TEST(Forecast, UsesADailySeasonOnceTwoDaysExist) {
  const SyntheticSeries daily{.samples = 576, .daily_amplitude = 30.0, .noise = 1.0};
  const auto forecast = Forecast(daily.Make(), {.horizons = {6h}});
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->season_length, 288U);
  EXPECT_EQ(forecast->step, 5min);
  // The history ends at 23:55; at 05:55 the sine is within 0.1 % of its peak of 130.
  EXPECT_NEAR(forecast->points[0].value, 130.0, 5.0);

  const auto shorter = Forecast(SyntheticSeries{.samples = 570, .daily_amplitude = 30.0, .noise = 1.0}.Make(), {});
  ASSERT_TRUE(shorter);
  EXPECT_EQ(shorter->season_length, 0U);
}

TEST(Forecast, ServesYesterdayAndSaysSoWhereNothingBeatsIt) {
  // Five days that repeat exactly: yesterday is never wrong.
  std::vector<Sample> history;
  for (int i = 0; i < 5 * 288; ++i) {
    history.push_back({FromUnixMs(i * 300'000LL), static_cast<double>((i % 288) * 7'919 % 101)});
  }
  const auto forecast = Forecast(history, {});
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->model_type, ModelType::kSeasonalNaive);
  EXPECT_EQ(forecast->season_length, 288U);
  EXPECT_THAT(forecast->reason, HasSubstr("no model beat the same time yesterday"));
  EXPECT_EQ(forecast->points[0].value, 2 * 7'919 % 101);  // 15 minutes on is phase 2
  EXPECT_EQ(forecast->metrics.mae, 0.0);
  EXPECT_FALSE(forecast->metrics.mase);  // the yardstick's error is 0 too
}

TEST(Forecast, BeatsYesterdayOnANoisyDayAndMeasuresIt) {
  const SyntheticSeries noisy{.daily_amplitude = 20.0, .noise = 5.0};
  const auto forecast = Forecast(noisy.Make(), {});
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->model_type, ModelType::kEnsemble);
  EXPECT_THAT(forecast->reason, HasSubstr("less absolute error than the same time yesterday"));
  // Averaged seasons err by the noise alone, yesterday by sqrt(2) of it: 0.71, and something for the search.
  ASSERT_TRUE(forecast->metrics.mase);
  EXPECT_NEAR(*forecast->metrics.mase, 0.74, 0.06);
  // Mean absolute deviation of a normal of 5: 5 * sqrt(2 / pi) = 3.99.
  EXPECT_NEAR(*forecast->metrics.mae, 4.2, 0.3);
  EXPECT_NEAR(*forecast->metrics.coverage, 0.95, 0.04);
  EXPECT_EQ(forecast->metrics.origins, 32U);
  // 95 % of that normal: 2 * 1.96 * 5 wide.
  EXPECT_NEAR(forecast->points[0].upper - forecast->points[0].lower, 19.6, 4.0);
}

TEST(Forecast, HoldsTheNextDayInsideItsBandAsOftenAsItSays) {
  std::size_t inside = 0;
  std::size_t all = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const auto series =
        SyntheticSeries{.samples = 7 * 288 + 12, .daily_amplitude = 10, .noise = 2, .walk = 0.3, .seed = seed}.Make();
    const auto forecast = Forecast(std::span(series).first(7 * 288), {});
    ASSERT_TRUE(forecast);
    for (const auto& point : forecast->points) {
      const auto actual = std::ranges::find(series, point.time, &Sample::time)->value;
      inside += actual >= point.lower && actual <= point.upper ? 1U : 0U;
      ++all;
    }
  }
  // 120 values, correlated within a series: 95 % give or take three standard errors of 3 %.
  EXPECT_GE(static_cast<double>(inside) / static_cast<double>(all), 0.87);
}

TEST(Forecast, KeepsAConstantSeriesConstant) {
  const auto forecast = Forecast(SyntheticSeries{.samples = 1'000, .level = 42.0}.Make(), {});
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->model_type, ModelType::kConstant);
  EXPECT_EQ(forecast->points[2].value, 42.0);
  EXPECT_LE(forecast->points[2].upper - forecast->points[2].lower, 42.0);

  const auto cold = Forecast(Minutely({42, 42, 42}), {});
  ASSERT_TRUE(cold);
  EXPECT_GT(cold->points[0].upper, 42.0);  // three equal samples prove little
}

TEST(Forecast, NeverGoesBelowZeroUnlessTheHistoryDid) {
  const auto positive = Forecast(Minutely({0, 9, 0, 8, 0, 9, 1, 0}), {});
  ASSERT_TRUE(positive);
  for (const auto& point : positive->points) EXPECT_EQ(point.lower, 0.0);
  const auto negative = Forecast(Minutely({0, 9, 0, 8, -1, 9, 1, 0}), {});
  ASSERT_TRUE(negative);
  EXPECT_LT(negative->points[0].lower, 0.0);
}

TEST(Forecast, TakesOrderAndDuplicatesAsTheyCome) {
  const auto sorted = SyntheticSeries{.samples = 300, .noise = 3.0}.Make();
  auto shuffled = sorted;
  std::ranges::reverse(shuffled);
  std::swap(shuffled[10], shuffled[200]);
  const auto expected = Forecast(sorted, {});
  auto got = Forecast(shuffled, {});
  ASSERT_TRUE(expected);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->points[1].value, expected->points[1].value);
  shuffled.insert(shuffled.end(), sorted.begin(), sorted.end());
  got = Forecast(shuffled, {});
  ASSERT_TRUE(got);
  EXPECT_EQ(got->points[1].value, expected->points[1].value);
  EXPECT_EQ(got->history_samples, 600U);
}

TEST(Forecast, AnswersInTheOrderAskedAndBetweenGridSteps) {
  const auto history = SyntheticSeries{.samples = 500, .step = 4min, .noise = 1.0}.Make();  // 5 min / 4 min is no step
  const auto forecast = Forecast(history, {.horizons = {60min, 1min, 6min, 4min, 8min}});
  ASSERT_TRUE(forecast);
  const auto& points = forecast->points;
  EXPECT_EQ(points[0].horizon, 60min);
  EXPECT_EQ(points[1].horizon, 1min);
  EXPECT_EQ(points[1].value, points[3].value);  // less than a step ahead: the next step
  EXPECT_NEAR(points[2].value, (points[3].value + points[4].value) / 2.0, 1e-9);
  EXPECT_EQ(points[2].time, forecast->origin + 6min);
}

TEST(FittedForecaster, JoinsTheEnsemblesDayToTheDaysBeyondIt) {
  const auto history = SyntheticSeries{.samples = 2'016, .daily_amplitude = 9, .noise = 2.0}.Make();
  const std::vector<minutes> horizons{5min, 7min, 10min, 24h, 25h, 48h};
  const auto forecast = Forecast(history, {.horizons = horizons});
  ASSERT_TRUE(forecast);
  ASSERT_EQ(forecast->model_type, ModelType::kEnsemble);
  const auto& points = forecast->points;
  EXPECT_NEAR(points[1].value, 0.6 * points[0].value + 0.4 * points[2].value, 1e-9);
  const double day = points[3].upper - points[3].lower;
  EXPECT_GE(points[4].upper - points[4].lower, day * 0.999);
  EXPECT_GE(points[5].upper - points[5].lower, day * 0.999);
  EXPECT_NEAR(points[5].value, 100.0, 12.0);
}

TEST(FittedForecaster, AnswersOtherHorizonsAndLevelsThanItWasFittedFor) {
  const auto history = SyntheticSeries{.samples = 2'016, .daily_amplitude = 9, .noise = 2.0}.Make();
  const auto fitted = FitForecaster(history, {});
  ASSERT_TRUE(fitted);
  const std::vector horizons{5min, minutes{24h}, minutes{7 * 24h}};
  const auto wide = fitted->Forecast(horizons, 0.99);
  const auto narrow = fitted->Forecast(horizons, 0.5);
  ASSERT_TRUE(wide);
  ASSERT_TRUE(narrow);
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    EXPECT_GT(wide->points[i].upper, narrow->points[i].upper);
    EXPECT_EQ(wide->points[i].value, narrow->points[i].value);
  }
  EXPECT_FALSE(fitted->Forecast({}, 0.95));
  EXPECT_FALSE(fitted->Forecast(horizons, 1.0));
}

}  // namespace
}  // namespace helios::ml
