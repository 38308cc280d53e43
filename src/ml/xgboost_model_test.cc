// SPDX-License-Identifier: Apache-2.0
#include "ml/xgboost_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr std::chrono::hours kStep{1};
const std::vector<double> kProbabilities = {0.025, 0.1, 0.5, 0.9, 0.975};
constexpr XgboostOptions kQuick{.rounds = 60, .depth = 4, .learning_rate = 0.2, .most_rows = 4'000};

std::vector<double> HourlyValues(std::size_t samples, std::uint64_t seed, double level = 100.0) {
  std::vector<double> values;
  for (const auto& sample : SyntheticSeries{.samples = samples,
                                            .step = kStep,
                                            .level = level,
                                            .daily_amplitude = 0.2 * level,
                                            .noise = 0.01 * level,
                                            .seed = seed}
                                .Make()) {
    values.push_back(sample.value);
  }
  return values;
}

MetricHistory HistoryOf(std::vector<std::span<const double>> series) {
  return {.first = FromUnixMs(1'700'006'400'000), .step = kStep, .series = std::move(series)};
}

#define NEEDS_XGBOOST() \
  if (!XgboostModel::Available()) return  // what such a build does is tested by SaysThatItIsNotBuilt

TEST(XgboostModel, SaysThatItIsNotBuilt) {
  if (XgboostModel::Available()) return;
  const auto values = HourlyValues(240, 1);
  EXPECT_EQ(XgboostModel::Fit(HistoryOf({values}), kQuick).error().reason, "inference.model_not_built");
}

TEST(XgboostModel, ForecastsSeriesOfDifferentSizesWithOneModel) {
  NEEDS_XGBOOST();
  const auto small = HourlyValues(24 * 15, 1, 1.0);
  const auto large = HourlyValues(24 * 15, 2, 1e6);
  const std::size_t known = 24 * 14;
  const auto model =
      XgboostModel::Fit(HistoryOf({std::span(small).first(known), std::span(large).first(known)}), kQuick);
  ASSERT_TRUE(model) << model.error().message;
  for (std::size_t s = 0; s < 2; ++s) {
    const auto& values = s == 0 ? small : large;
    const double level = s == 0 ? 1.0 : 1e6;
    const auto forecast = model->Forecast(s, 24, kProbabilities);
    ASSERT_TRUE(forecast);
    std::size_t inside = 0;
    for (std::size_t h = 0; h < 24; ++h) {
      EXPECT_NEAR(forecast->value[h], values[known + h], 0.06 * level);
      for (std::size_t q = 1; q < kProbabilities.size(); ++q) {
        EXPECT_LE(forecast->quantiles[q - 1][h], forecast->quantiles[q][h]);
      }
      if (values[known + h] >= forecast->quantiles[0][h] && values[known + h] <= forecast->quantiles[4][h]) ++inside;
    }
    EXPECT_GE(inside, 19U);
  }
}

TEST(XgboostModel, GoesOnFromANewOriginWithoutARefit) {
  NEEDS_XGBOOST();
  const auto values = HourlyValues(24 * 15, 3);
  const std::size_t known = 24 * 14;
  auto fitted = FitXgboost({.first = {}, .step = kStep, .values = std::span(values).first(known)}, kQuick);
  ASSERT_TRUE(fitted) << fitted.error().message;
  const auto moved = (*fitted)->Clone();
  for (std::size_t i = 0; i < 6; ++i) moved->Append(i == 2 ? kNan : values[known + i]);
  EXPECT_EQ(moved->origin(), (*fitted)->origin() + 6 * kStep);
  const auto forecast = moved->Forecast(12, kProbabilities);
  ASSERT_TRUE(forecast);
  for (std::size_t h = 0; h < 12; ++h) EXPECT_NEAR(forecast->value[h], values[known + 6 + h], 6.0);
}

TEST(XgboostModel, IsTheSameAfterAWayThroughBytes) {
  NEEDS_XGBOOST();
  const auto values = HourlyValues(24 * 10, 4);
  const auto model = XgboostModel::Fit(HistoryOf({values}), kQuick);
  ASSERT_TRUE(model);
  const auto bytes = model->Bytes();
  ASSERT_TRUE(bytes) << bytes.error().message;
  const auto read = XgboostModel::FromBytes(*bytes, HistoryOf({values}));
  ASSERT_TRUE(read) << read.error().message;
  const auto before = model->Forecast(0, 24, kProbabilities);
  const auto after = read->Forecast(0, 24, kProbabilities);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->value, after->value);
  EXPECT_EQ(before->quantiles, after->quantiles);
  EXPECT_EQ(*read->Bytes(), *bytes);

  EXPECT_EQ(XgboostModel::FromBytes("", HistoryOf({values})).error().reason, "ml.bad_artifact");
  EXPECT_EQ(XgboostModel::FromBytes("\x01", HistoryOf({values})).error().reason, "ml.bad_artifact");
  for (const std::size_t size : {8U, 20U, 200U}) {
    EXPECT_EQ(XgboostModel::FromBytes(std::string_view(*bytes).substr(0, size), HistoryOf({values})).error().reason,
              "ml.bad_artifact");
  }
  EXPECT_EQ(XgboostModel::FromBytes(*bytes, HistoryOf({values, values})).error().reason, "ml.bad_artifact");
}

TEST(XgboostModel, GivesTheSameBitsEachTime) {
  NEEDS_XGBOOST();
  const auto values = HourlyValues(24 * 10, 5);
  const auto first = XgboostModel::Fit(HistoryOf({values}), kQuick);
  const auto second = XgboostModel::Fit(HistoryOf({values}), kQuick);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(*first->Bytes(), *second->Bytes());
}

TEST(XgboostModel, StaysFiniteOnDegenerateHistories) {
  NEEDS_XGBOOST();
  std::vector<double> alternating;
  for (int i = 0; i < 240; ++i) alternating.push_back(i % 2 == 0 ? 1.7e308 : -1.7e308);
  std::vector<double> jump(240, 1e-300);
  jump[200] = 1e300;
  auto gaps = HourlyValues(240, 6);
  for (std::size_t i = 30; i < 110; ++i) gaps[i] = kNan;
  for (const auto& values : {std::vector<double>(240, 0.0), std::vector<double>(240, 7.0), alternating, jump, gaps}) {
    const auto model = XgboostModel::Fit(HistoryOf({values}), kQuick);
    ASSERT_TRUE(model) << model.error().message;
    const auto forecast = model->Forecast(0, 24, kProbabilities);
    ASSERT_TRUE(forecast);
    for (std::size_t h = 0; h < 24; ++h) {
      EXPECT_TRUE(std::isfinite(forecast->value[h]));
      for (const auto& quantiles : forecast->quantiles) EXPECT_TRUE(std::isfinite(quantiles[h]));
      EXPECT_LE(forecast->quantiles.front()[h], forecast->quantiles.back()[h]);
    }
  }
}

TEST(XgboostModel, BearsAValueBeyondAllMeasureAfterItsFit) {
  NEEDS_XGBOOST();
  auto values = HourlyValues(24 * 6, 10, 1e-300);
  auto model = XgboostModel::Fit(HistoryOf({values}), kQuick);
  ASSERT_TRUE(model) << model.error().message;
  for (const double value : {1.7e308, -1.7e308, std::numeric_limits<double>::infinity()}) model->Append({&value, 1});
  const auto forecast = model->Forecast(0, 24, kProbabilities);
  ASSERT_TRUE(forecast);
  for (const double value : forecast->value) EXPECT_TRUE(std::isfinite(value));
}

TEST(XgboostModel, SaysWhatItCannotUse) {
  NEEDS_XGBOOST();
  const auto values = HourlyValues(240, 7);
  const auto reason = [&](const MetricHistory& history, const XgboostOptions& options) {
    const auto model = XgboostModel::Fit(history, options);
    return model ? std::string_view("fitted") : model.error().reason;
  };
  EXPECT_EQ(reason(HistoryOf({}), kQuick), "inference.bad_frame");
  EXPECT_EQ(reason(HistoryOf({values, std::span(values).first(200)}), kQuick), "inference.bad_frame");
  EXPECT_EQ(reason(HistoryOf({std::span(values).first(71)}), kQuick), "inference.not_enough_history");
  EXPECT_EQ(reason({.first = {}, .step = std::chrono::hours{8}, .series = {std::span(values).first(31)}}, kQuick),
            "inference.not_enough_history");
  const std::vector<double> unknown(240, kNan);
  EXPECT_EQ(reason(HistoryOf({unknown}), kQuick), "inference.not_enough_history");
  auto infinite = values;
  infinite[5] = std::numeric_limits<double>::infinity();
  EXPECT_EQ(reason(HistoryOf({infinite}), kQuick), "inference.bad_value");
  auto history = HistoryOf({values});
  for (const auto step : {std::chrono::milliseconds{0}, std::chrono::milliseconds{std::chrono::hours{7}},
                          std::chrono::milliseconds{std::chrono::days{1}}}) {
    history.step = step;
    EXPECT_EQ(reason(history, kQuick), "inference.bad_step");
  }
  EXPECT_EQ(reason(HistoryOf({values}), {.rounds = 0}), "inference.bad_model_options");
  const auto model = XgboostModel::Fit(HistoryOf({values}), kQuick);
  ASSERT_TRUE(model);
  EXPECT_EQ(model->Forecast(1, 1, {}).error().reason, "inference.bad_horizon");
  EXPECT_EQ(model->Forecast(0, 25, {}).error().reason, "inference.bad_horizon");
  EXPECT_EQ(model->Forecast(0, 1, std::vector{0.0}).error().reason, "inference.bad_level");
}

TEST(LagFeatures, GoOnFromForecastsAsFromMeasuredValues) {
  const auto values = HourlyValues(24 * 8, 8);
  const LagFeatures features(std::vector<std::span<const double>>{values}, 24, 0);
  LagFeatures::Path path(features, 0, 150);
  for (std::size_t t = 151; t <= 170; ++t) path.Push(features.Scaled(0, t));
  const LagFeatures::Path measured(features, 0, 170);
  const auto row = path.Next();
  const auto expected = measured.Next();
  for (std::size_t f = 0; f + 4 < LagFeatures::kCount; ++f) EXPECT_FLOAT_EQ(row[f], expected[f]) << f;
  for (std::size_t f = LagFeatures::kCount - 4; f < LagFeatures::kCount; ++f) EXPECT_TRUE(std::isnan(row[f]));
}

TEST(LagFeatures, TellTheDayOfTheMonthFromTwoMonthsOn) {
  const std::vector<double> values(62 * 8, 1.0);
  const auto day_of = [&](std::size_t size, std::size_t next) {
    const LagFeatures features(std::vector<std::span<const double>>{std::span(values).first(size)}, 8, 0);
    return LagFeatures::Path(features, 0, next - 1).Next().back();
  };
  EXPECT_EQ(day_of(62 * 8, 26 * 8), 31.0F);  // 26 days after the 5th of January
  EXPECT_EQ(day_of(62 * 8, 27 * 8), 1.0F);
  EXPECT_EQ(day_of(62 * 8, 55 * 8 + 7), 1.0F);  // of March, still
  EXPECT_TRUE(std::isnan(day_of(62 * 8 - 1, 27 * 8)));
}

TEST(XgboostModel, LearnsAJobOfTheFirstOfTheMonth) {
  NEEDS_XGBOOST();
  // 2024-01-01 to 2024-05-31 in steps of three hours: 100, and 160 on each first.
  const std::chrono::sys_days first{std::chrono::year{2024} / 1 / 1};
  std::vector<double> values = HourlyValues(152 * 8, 4);
  for (std::size_t t = 0; t < values.size(); ++t) {
    const std::chrono::year_month_day date{first + std::chrono::days{t / 8}};
    values[t] = 100.0 + 0.05 * (values[t] - 100.0) + (date.day() == std::chrono::day{1} ? 60.0 : 0.0);
  }
  const MetricHistory history{.first = first, .step = std::chrono::hours{3}, .series = {values}};
  const auto model = XgboostModel::Fit(history, {});
  ASSERT_TRUE(model) << model.error().message;
  const auto forecast = model->Forecast(0, 8, {});  // the first of June
  ASSERT_TRUE(forecast);
  for (const double value : forecast->value) EXPECT_GT(value, 130.0);
}

TEST(LagFeatures, KnowOnlyWhatLiesBeforeThem) {
  auto values = HourlyValues(24 * 8, 8);
  auto others = HourlyValues(24 * 8, 9);
  const LagFeatures before(std::vector<std::span<const double>>{values, others}, 24, 0);
  // Both values keep their distance to a day before and after, and so the scale, within rounding.
  std::swap(values[151], values[175]);
  std::swap(others[151], others[175]);
  const LagFeatures after(std::vector<std::span<const double>>{values, others}, 24, 0);
  const auto row = LagFeatures::Path(after, 0, 150).Next();
  const auto expected = LagFeatures::Path(before, 0, 150).Next();
  const double rescaled = before.Scaled(0, 0) / after.Scaled(0, 0);
  for (std::size_t f = 0; f < LagFeatures::kLags; ++f) EXPECT_NEAR(rescaled * row[f], expected[f], 1e-3) << f;
}

TEST(LagFeatures, LeaveTheSeriesUnitAndComeBack) {
  const auto values = HourlyValues(24 * 5, 9, 1e200);
  const LagFeatures features(std::vector<std::span<const double>>{values}, 24, 0);
  EXPECT_LT(std::abs(features.Scaled(0, 70)), 1e3);
  EXPECT_NEAR(features.ToUnit(0, features.Scaled(0, 70)) / values[70], 1.0, 1e-9);
}

}  // namespace
}  // namespace helios::ml
