// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "ml/ensemble_forecaster.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

constexpr std::size_t kDay = 288;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::vector<double> Values(std::size_t size, std::uint64_t seed) {
  std::vector<double> values;
  for (const auto& sample :
       SyntheticSeries{.samples = size, .daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5, .seed = seed}.Make()) {
    values.push_back(sample.value);
  }
  for (std::size_t i = 500; i < 510; ++i) values[i] = kNan;  // a short gap and a long one
  for (std::size_t i = 650; i < 750; ++i) values[i] = kNan;
  return values;
}

void ExpectSame(const IntervalForecast& a, const IntervalForecast& b) {
  EXPECT_EQ(a.value, b.value);
  EXPECT_EQ(a.lower, b.lower);
  EXPECT_EQ(a.upper, b.upper);
}

TEST(EnsembleForecasterState, ForecastsTheSameBitsFromTheSameHistory) {
  for (const std::size_t days : {3U, 8U, 14U}) {
    const auto values = Values(days * kDay, days);
    const auto fitted = EnsembleForecaster::Fit(values, kDay);
    ASSERT_TRUE(fitted);
    const auto restored = EnsembleForecaster::Restore(fitted->Save(), values, 0);
    ASSERT_TRUE(restored) << restored.error().message;
    ExpectSame(restored->Forecast(kDay, 0.95), fitted->Forecast(kDay, 0.95));
    ExpectSame(restored->Forecast(12, 0.83), fitted->Forecast(12, 0.83));
    EXPECT_EQ(restored->backtest_origins(), fitted->backtest_origins());
    EXPECT_EQ(restored->Save(), fitted->Save());
  }
}

TEST(EnsembleForecasterState, ComesBackWhereSearchesCompareMoreThanADay) {
  // Of the searches for coarse steps the longest compares 24 values, which is three days of eight.
  for (const std::size_t day : {8U, 12U, 23U}) {
    auto values = Values(3 * kDay, day);
    values.resize(9 * day);
    const auto fitted = EnsembleForecaster::Fit(values, day);
    ASSERT_TRUE(fitted);
    const auto restored = EnsembleForecaster::Restore(fitted->Save(), values, 0);
    ASSERT_TRUE(restored) << day << ": " << restored.error().message;
    ExpectSame(restored->Forecast(day, 0.95), fitted->Forecast(day, 0.95));
  }
}

TEST(EnsembleForecasterState, TakesNewerValuesInAsAppendDoes) {
  auto values = Values(16 * kDay, 4);
  values[14 * kDay + 7] = kNan;
  for (const std::size_t hours : {1U, 7U, 24U, 40U}) {
    auto fitted = EnsembleForecaster::Fit(std::span(values).first(14 * kDay), kDay);
    ASSERT_TRUE(fitted);
    const auto saved = fitted->Save();
    const std::size_t newer = hours * kDay / 24;
    for (std::size_t i = 0; i < newer; ++i) fitted->Append(values[14 * kDay + i]);
    const auto restored = EnsembleForecaster::Restore(saved, std::span(values).first(14 * kDay + newer), newer);
    ASSERT_TRUE(restored) << restored.error().message;
    ExpectSame(restored->Forecast(kDay, 0.95), fitted->Forecast(kDay, 0.95));
    EXPECT_EQ(restored->Save(), fitted->Save());
  }
}

TEST(EnsembleForecasterState, ForecastsMuchTheSameFromAHistoryThatBeginsLater) {
  const auto values = Values(15 * kDay, 5);
  auto fitted = EnsembleForecaster::Fit(std::span(values).first(14 * kDay), kDay);
  ASSERT_TRUE(fitted);
  const auto saved = fitted->Save();
  for (std::size_t i = 0; i < kDay; ++i) fitted->Append(values[14 * kDay + i]);
  const auto expected = fitted->Forecast(kDay, 0.95);
  const auto restored = EnsembleForecaster::Restore(saved, std::span(values).last(14 * kDay), kDay);
  ASSERT_TRUE(restored);
  const auto forecast = restored->Forecast(kDay, 0.95);
  for (std::size_t h = 0; h < kDay; ++h) EXPECT_NEAR(forecast.value[h], expected.value[h], 5.0) << h;  // a noise
}

TEST(EnsembleForecasterState, ServesAHistoryThatLiesWhollyAfterItsFit) {
  const auto values = Values(14 * kDay, 6);
  const auto fitted = EnsembleForecaster::Fit(values, kDay);
  ASSERT_TRUE(fitted);
  const auto later = Values(4 * kDay, 7);
  const auto restored = EnsembleForecaster::Restore(fitted->Save(), later, later.size());
  ASSERT_TRUE(restored);
  for (const double value : restored->Forecast(kDay, 0.95).value) EXPECT_TRUE(std::isfinite(value));
}

TEST(EnsembleForecasterState, ServesASeriesThatCameBackAfterWeeksOfSilence) {
  const auto fitted = EnsembleForecaster::Fit(Values(5 * kDay, 9), kDay);
  ASSERT_TRUE(fitted);
  std::vector<double> values(30 * kDay, kNan);
  const auto back = Values(kDay, 10);
  values.insert(values.end(), back.begin(), back.end());
  const auto restored = EnsembleForecaster::Restore(fitted->Save(), values, kDay);
  ASSERT_TRUE(restored) << restored.error().message;
  for (const double value : restored->Forecast(kDay, 0.95).value) EXPECT_TRUE(std::isfinite(value));

  std::ranges::reverse(values);
  EXPECT_EQ(EnsembleForecaster::Restore(fitted->Save(), values, kDay).error().reason, "inference.not_enough_history");
}

TEST(EnsembleForecasterState, RefusesBytesOfNoForecasterAndTooLittleHistory) {
  const auto values = Values(5 * kDay, 8);
  const auto fitted = EnsembleForecaster::Fit(values, kDay);
  ASSERT_TRUE(fitted);
  auto saved = fitted->Save();
  EXPECT_EQ(EnsembleForecaster::Restore(saved, std::span(values).first(3 * kDay - 1), 0).error().reason,
            "inference.not_enough_history");
  EXPECT_EQ(EnsembleForecaster::Restore(saved, std::vector<double>(5 * kDay, kNan), 0).error().reason,
            "inference.not_enough_history");
  for (std::size_t size = 0; size < saved.size(); ++size) {
    EXPECT_EQ(EnsembleForecaster::Restore(saved.substr(0, size), values, 0).error().reason, "ml.bad_artifact");
  }
  EXPECT_EQ(EnsembleForecaster::Restore(saved + '\0', values, 0).error().reason, "ml.bad_artifact");
  saved[0] = 2;
  const auto newer = EnsembleForecaster::Restore(saved, values, 0);
  EXPECT_EQ(newer.error().reason, "ml.newer_format");
  EXPECT_EQ(newer.error().message,
            "cannot read an ensemble forecaster: it was written by a newer Helios; got version 2; want at most 1");
}

TEST(EnsembleForecasterState, IsSmallAgainstItsHistory) {
  const auto fitted = EnsembleForecaster::Fit(Values(14 * kDay, 9), kDay);
  ASSERT_TRUE(fitted);
  EXPECT_LT(fitted->Save().size(), 3'200U);  // 14 days of doubles are 32,256 bytes
}

}  // namespace
}  // namespace helios::ml
