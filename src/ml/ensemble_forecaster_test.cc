// SPDX-License-Identifier: Apache-2.0
#include "ml/ensemble_forecaster.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

constexpr std::size_t kDay = 288;

std::vector<double> ValuesOf(const SyntheticSeries& series) {
  std::vector<double> values;
  for (const auto& sample : series.Make()) values.push_back(sample.value);
  return values;
}

/// Noise of standard deviation about 1, the same for the same seed.
std::vector<double> Noise(std::size_t size, std::uint64_t seed) {
  return ValuesOf({.samples = size, .level = 0.0, .noise = 1.0, .seed = seed});
}

double MeanError(const IntervalForecast& forecast, std::span<const double> actual) {
  double sum = 0.0;
  for (std::size_t i = 0; i < actual.size(); ++i) sum += std::abs(forecast.value[i] - actual[i]);
  return sum / static_cast<double>(actual.size());
}

TEST(EnsembleForecaster, RefusesTooLittleHistoryAndTooCoarseSteps) {
  const std::vector<double> values(3 * kDay - 1, 1.0);
  const auto short_one = EnsembleForecaster::Fit(values, kDay);
  ASSERT_FALSE(short_one);
  EXPECT_EQ(short_one.error().reason, "inference.not_enough_history");
  const auto coarse = EnsembleForecaster::Fit(values, 7);
  ASSERT_FALSE(coarse);
  EXPECT_EQ(coarse.error().reason, "inference.bad_step");
  const std::vector<double> unknown(5 * kDay, std::numeric_limits<double>::quiet_NaN());
  EXPECT_FALSE(EnsembleForecaster::Fit(unknown, kDay));
  EXPECT_FALSE(EnsembleForecaster::Fit({}, 0));
}

TEST(EnsembleForecaster, FollowsABatchJobWhosePeriodIsNoPartOfADay) {
  // 40 for two steps of every thirteen (65 minutes): no model of the day can place it.
  std::vector<double> values;
  for (std::size_t t = 0; t < 15 * kDay; ++t) values.push_back(t % 13 < 2 ? 40.0 : 10.0);
  const auto fitted = EnsembleForecaster::Fit(std::span(values).first(14 * kDay), kDay);
  ASSERT_TRUE(fitted);
  const auto forecast = fitted->Forecast(kDay, 0.95);
  EXPECT_LT(MeanError(forecast, std::span(values).last(kDay)), 0.5);
}

TEST(EnsembleForecaster, AWildValueDoesNotMoveTheForecast) {
  std::vector<double> values = Noise(14 * kDay, 5);
  for (std::size_t t = 0; t < values.size(); ++t) {
    values[t] += 50.0 + 20.0 * std::sin(2.0 * std::numbers::pi * static_cast<double>(t % kDay) / kDay);
  }
  auto wild = values;
  wild[wild.size() - 60] = 5'000.0;  // five hours ago
  wild[wild.size() - 5 * kDay - 100] = 5'000.0;
  const auto without = EnsembleForecaster::Fit(values, kDay)->Forecast(kDay, 0.95);
  const auto with = EnsembleForecaster::Fit(wild, kDay)->Forecast(kDay, 0.95);
  // The series scatters by 1; that far the forecast may move on average, and nowhere by more than three of it.
  EXPECT_LT(MeanError(with, without.value), 1.0);
  for (std::size_t h = 0; h < kDay; ++h) EXPECT_NEAR(with.value[h], without.value[h], 3.0) << h;
}

TEST(EnsembleForecaster, PeaksThatComeEachDayStay) {
  // Half an hour of a nightly backup, ten times the usual load, and one at noon.
  const auto busy = [](std::size_t t) {
    return (t % kDay >= 30 && t % kDay < 36) || (t % kDay >= 144 && t % kDay < 150);
  };
  std::vector<double> values = Noise(14 * kDay, 6);
  for (std::size_t t = 0; t < values.size(); ++t) values[t] += busy(t) ? 500.0 : 50.0;
  const auto forecast = EnsembleForecaster::Fit(values, kDay)->Forecast(kDay, 0.95);
  for (std::size_t h = 0; h < kDay; ++h) EXPECT_NEAR(forecast.value[h], busy(h) ? 500.0 : 50.0, 5.0) << h;
}

TEST(EnsembleForecaster, RareDemandIsForecastByItsMedianWithIntervalsThatHoldIt) {
  // One step in eight asks for 20 to 40, the others for nothing; nobody can know which.
  const auto noise = Noise(15 * kDay, 8);
  std::vector<double> values;
  for (const double z : noise) values.push_back(z > 1.15 ? 20.0 + 10.0 * std::min(2.0, z - 1.15) : 0.0);
  const auto fitted = EnsembleForecaster::Fit(std::span(values).first(14 * kDay), kDay);
  const auto forecast = fitted->Forecast(kDay, 0.95);
  double inside = 0.0;
  for (std::size_t h = 0; h < kDay; ++h) {
    EXPECT_LT(forecast.value[h], 10.0);
    EXPECT_EQ(forecast.lower[h], 0.0);
    inside += values[14 * kDay + h] <= forecast.upper[h] ? 1.0 : 0.0;
  }
  EXPECT_GT(inside / kDay, 0.90);
}

TEST(EnsembleForecaster, EachLevelHoldsWhatItSays) {
  // Independent noise about a sine, from 24 origins that no fit has seen, an hour ahead: 288 values.
  std::vector<double> values = Noise(20 * kDay, 7);
  for (std::size_t t = 0; t < values.size(); ++t) {
    values[t] =
        100.0 + 3.0 * values[t] + 20.0 * std::sin(2.0 * std::numbers::pi * static_cast<double>(t % kDay) / kDay);
  }
  const auto hold = [&](double level) {
    double inside = 0.0;
    for (std::size_t origin = 14 * kDay; origin < 20 * kDay - 12; origin += kDay / 4 - 1) {
      const auto fitted = EnsembleForecaster::Fit(std::span(values).first(origin), kDay);
      const auto forecast = fitted->Forecast(12, level);
      for (std::size_t h = 0; h < 12; ++h) {
        inside += forecast.lower[h] <= values[origin + h] && values[origin + h] <= forecast.upper[h] ? 1.0 : 0.0;
      }
    }
    return inside / (24.0 * 12.0);
  };
  EXPECT_NEAR(hold(0.5), 0.5, 0.09);  // three standard errors
  EXPECT_NEAR(hold(0.8), 0.8, 0.07);
  EXPECT_NEAR(hold(0.95), 0.95, 0.04);
}

TEST(EnsembleForecaster, FollowsTheDayOfTheWeek) {
  std::vector<double> values = Noise(15 * kDay, 3);
  for (std::size_t t = 0; t < values.size(); ++t) {
    const double day = 1.0 + std::sin(2.0 * std::numbers::pi * static_cast<double>(t % kDay) / kDay);
    values[t] += 100.0 + (t / kDay % 7 == 0 ? 5.0 : 30.0) * day;
  }
  // Day 14 is the quiet one, after a busy one.
  const auto fitted = EnsembleForecaster::Fit(std::span(values).first(14 * kDay), kDay);
  ASSERT_TRUE(fitted);
  const auto actual = std::span(values).last(kDay);
  double yesterday = 0.0;
  for (std::size_t i = 0; i < kDay; ++i) yesterday += std::abs(values[13 * kDay + i] - actual[i]) / kDay;
  EXPECT_LT(MeanError(fitted->Forecast(kDay, 0.95), actual), 0.5 * yesterday);
}

TEST(EnsembleForecaster, HoldsAsManyValuesAsItSays) {
  double inside = 0.0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto values = ValuesOf({.samples = 11 * kDay, .daily_amplitude = 10, .noise = 2, .walk = 0.2, .seed = seed});
    const auto fitted = EnsembleForecaster::Fit(std::span(values).first(10 * kDay), kDay);
    ASSERT_TRUE(fitted);
    const auto forecast = fitted->Forecast(kDay, 0.95);
    for (std::size_t i = 0; i < kDay; ++i) {
      inside += forecast.lower[i] <= values[10 * kDay + i] && values[10 * kDay + i] <= forecast.upper[i] ? 1.0 : 0.0;
    }
  }
  // A day of a random walk is hardly one independent value, so twenty of them scatter by 5 %.
  EXPECT_GE(inside / 20.0 / kDay, 0.90);
}

TEST(EnsembleForecaster, CoversAgainWithinADayOfAVarianceShift) {
  double inside = 0.0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const auto quiet = Noise(13 * kDay, seed);
    std::vector<double> values;
    for (std::size_t t = 0; t < quiet.size(); ++t) {
      const double usual = 100.0 + 10.0 * std::sin(2.0 * std::numbers::pi * static_cast<double>(t % kDay) / kDay);
      values.push_back(usual + quiet[t] * (t < 11 * kDay ? 1.0 : 3.0));
    }
    const auto fitted = EnsembleForecaster::Fit(std::span(values).first(12 * kDay), kDay);
    ASSERT_TRUE(fitted);
    const auto forecast = fitted->Forecast(kDay, 0.95);
    for (std::size_t i = 0; i < kDay; ++i) {
      inside += forecast.lower[i] <= values[12 * kDay + i] && values[12 * kDay + i] <= forecast.upper[i] ? 1.0 : 0.0;
    }
  }
  EXPECT_GE(inside / 20.0 / kDay, 0.93);
}

TEST(EnsembleForecaster, AppendsWithoutAFitAndForgetsTheOldest) {
  const auto values = ValuesOf({.samples = 20 * kDay, .daily_amplitude = 20, .noise = 1});
  auto fitted = EnsembleForecaster::Fit(std::span(values).first(14 * kDay), kDay);
  ASSERT_TRUE(fitted);
  for (std::size_t t = 14 * kDay; t < 19 * kDay; ++t) fitted->Append(t % 50 == 0 ? std::nan("") : values[t]);
  const auto forecast = fitted->Forecast(kDay, 0.95);
  EXPECT_LT(MeanError(forecast, std::span(values).last(kDay)), 1.5);  // of noise 1: 0.8 at best
}

TEST(EnsembleForecaster, SeesNothingAfterItsOrigin) {
  auto values = ValuesOf({.samples = 8 * kDay, .daily_amplitude = 20, .noise = 4, .walk = 0.5});
  const PreparedHistory whole(values, DayShape(kDay));
  std::vector<double> past(values.begin(), values.begin() + 7 * kDay);
  past.resize(8 * kDay, past.back());
  // One history goes on, the other stands still: what is said about the day after the seventh rests on the first
  // seven alone. Scales differ, so they are compared in units.
  const PreparedHistory cut(past, DayShape(kDay));
  for (std::size_t t = 7 * kDay; t < 8 * kDay; ++t) {
    EXPECT_NEAR(whole.ToUnit(whole.Profile(t)), cut.ToUnit(cut.Profile(t)), 1e-3);
    EXPECT_NEAR(whole.ToUnit(whole.Median(t)), cut.ToUnit(cut.Median(t)), 1e-3);
    EXPECT_NEAR(whole.ToUnit(whole.Week(t)), cut.ToUnit(cut.Week(t)), 1e-3);
  }
}

TEST(EnsembleForecaster, ReturnsExactValuesOfSteadySeriesExactly) {
  std::vector<double> values(5 * kDay, 1'234'567.891);
  values[100] = 1'234'568.0;
  const auto fitted = EnsembleForecaster::Fit(values, kDay);
  ASSERT_TRUE(fitted);
  EXPECT_EQ(fitted->Forecast(1, 0.95).value[0], 1'234'567.891);
}

TEST(EnsembleForecaster, StaysFiniteWhereDaysRepeatAndValuesVanish) {
  std::vector<double> values;
  for (std::size_t t = 0; t < 5 * 24; ++t) values.push_back(t % 2 == 0 ? 1.7e-316 : -1.04e-312);
  const auto fitted = EnsembleForecaster::Fit(values, 24);
  ASSERT_TRUE(fitted);
  for (const double value : fitted->Forecast(24, 0.95).value) EXPECT_LT(std::abs(value), 2e-312);
}

void CheckSane(std::span<const double> values, std::size_t day) {
  const auto fitted = EnsembleForecaster::Fit(values, day);
  if (!fitted) return;
  const auto narrow = fitted->Forecast(day, 0.5);
  for (const double level : {0.01, 0.5, 0.95, 1.0 - 1e-15}) {
    const auto forecast = fitted->Forecast(day, level);
    for (std::size_t i = 0; i < day; ++i) {
      RC_ASSERT(std::isfinite(forecast.value[i]));
      RC_ASSERT(std::isfinite(forecast.lower[i]) && std::isfinite(forecast.upper[i]));
      RC_ASSERT(forecast.lower[i] <= forecast.value[i] && forecast.value[i] <= forecast.upper[i]);
      if (level > 0.5) RC_ASSERT(forecast.upper[i] >= narrow.upper[i] && forecast.lower[i] <= narrow.lower[i]);
    }
  }
}

TEST(EnsembleForecasterProperties, AnyValuesGiveAnErrorOrFiniteOrderedBounds) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_TRUE(rc::check("blocks of any values, repeated", [&] {
    const auto day = *rc::gen::element<std::size_t>(8, 24, 96, 144);
    const auto size = *rc::gen::inRange<std::size_t>(0, 8 * day);
    const auto block =
        *rc::gen::resize(30, rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(rc::gen::weightedOneOf<double>(
                                 {{6, rc::gen::map(rc::gen::inRange(-9'000, 9'000), [](int i) { return i / 10.0; })},
                                  {2, rc::gen::element(0.0, 1.0)},
                                  {1, rc::gen::element(1.7e308, -1.7e308, 1e308, 5e-324, -0.0, 1e-300, kInfinity,
                                                       -kInfinity, std::numeric_limits<double>::quiet_NaN())}}))));
    std::vector<double> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(block[i % block.size()]);
    CheckSane(values, day);
  }));
}

}  // namespace
}  // namespace helios::ml
