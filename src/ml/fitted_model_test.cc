// SPDX-License-Identifier: Apache-2.0
#include "ml/fitted_model.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
const std::vector<double> kProbabilities = {0.025, 0.1, 0.5, 0.9, 0.975};

std::vector<double> ValuesOf(const SyntheticSeries& series) {
  std::vector<double> values;
  for (const auto& sample : series.Make()) values.push_back(sample.value);
  return values;
}

RegularHistory HistoryOf(std::span<const double> values, std::chrono::milliseconds step = std::chrono::minutes{5}) {
  return {.first = FromUnixMs(1'700'006'400'000), .step = step, .values = values};
}

/// Expects a forecast without NaN or infinity whose quantiles ascend.
void ExpectSane(const QuantileForecast& forecast, std::size_t steps) {
  ASSERT_EQ(forecast.value.size(), steps);
  for (std::size_t h = 0; h < steps; ++h) {
    EXPECT_TRUE(std::isfinite(forecast.value[h])) << h;
    for (std::size_t q = 0; q < forecast.quantiles.size(); ++q) {
      EXPECT_TRUE(std::isfinite(forecast.quantiles[q][h])) << h;
      if (q > 0) EXPECT_LE(forecast.quantiles[q - 1][h], forecast.quantiles[q][h]) << h;
    }
  }
}

class EveryModel : public ::testing::TestWithParam<NamedModel> {};

TEST_P(EveryModel, ForecastsADailySeason) {
  const SyntheticSeries series{
      .samples = 24 * 22, .step = std::chrono::hours{1}, .daily_amplitude = 20.0, .noise = 1.0};
  const auto values = ValuesOf(series);
  const std::span history(values.data(), 24 * 21);
  const auto model = FitModel(GetParam(), HistoryOf(history, series.step), {});
  ASSERT_TRUE(model) << model.error().message;
  const auto forecast = (*model)->Forecast(24, kProbabilities);
  ASSERT_TRUE(forecast);
  ExpectSane(*forecast, 24);
  std::size_t inside = 0;
  for (std::size_t h = 0; h < 24; ++h) {
    const double actual = values[24 * 21 + h];
    EXPECT_NEAR(forecast->value[h], actual, 6.0) << h;
    if (actual >= forecast->quantiles[0][h] && actual <= forecast->quantiles[4][h]) ++inside;
  }
  EXPECT_GE(inside, 18U);
}

TEST_P(EveryModel, GoesOnFromANewOriginWithoutARefit) {
  const SyntheticSeries series{
      .samples = 24 * 16, .step = std::chrono::hours{1}, .daily_amplitude = 20.0, .noise = 1.0};
  const auto values = ValuesOf(series);
  const auto fitted = FitModel(GetParam(), HistoryOf(std::span(values).first(24 * 15), series.step), {});
  ASSERT_TRUE(fitted);
  const auto moved = (*fitted)->Clone();
  for (std::size_t i = 24 * 15; i < 24 * 15 + 7; ++i) moved->Append(values[i]);
  moved->Append(kNan);
  EXPECT_EQ(moved->origin(), (*fitted)->origin() + std::chrono::hours{8});
  const auto forecast = moved->Forecast(6, kProbabilities);
  ASSERT_TRUE(forecast);
  ExpectSane(*forecast, 6);
  for (std::size_t h = 0; h < 6; ++h) EXPECT_NEAR(forecast->value[h], values[24 * 15 + 8 + h], 6.0) << h;
}

TEST_P(EveryModel, StaysSaneOnDegenerateHistories) {
  std::vector<double> alternating;
  std::vector<double> rare(500, 0.0);
  for (int i = 0; i < 300; ++i) alternating.push_back(i % 2 == 0 ? 8e307 : -8e307);
  rare[77] = 1e9;
  rare[400] = 1e9;
  std::vector<double> gaps(700, kNan);
  for (std::size_t i = 0; i < 700; i += 50) gaps[i] = static_cast<double>(i);
  for (const auto& values :
       {std::vector{1.0, 2.0, 3.0}, std::vector<double>(400, 0.0), std::vector<double>(400, -5.0), alternating, rare,
        gaps, std::vector{kNan, kNan, 1.0, 5.0, kNan, 2.0, kNan}, std::vector<double>(50, 5e-324)}) {
    for (const std::chrono::milliseconds step :
         {std::chrono::milliseconds{1'000}, std::chrono::milliseconds{86'400'000}}) {
      const auto model = FitModel(GetParam(), HistoryOf(values, step), {});
      if (!model) {
        EXPECT_EQ(model.error().reason, "inference.bad_value") << model.error().message;
        continue;
      }
      const auto forecast = (*model)->Forecast(300, kProbabilities);
      ASSERT_TRUE(forecast);
      ExpectSane(*forecast, 300);
    }
  }
}

TEST_P(EveryModel, IsNeverBelowZeroForAHistoryThatIsNot) {
  auto values = ValuesOf({.samples = 600, .level = 1.0, .noise = 2.0});
  for (auto& value : values) value = std::max(0.0, value);
  const auto model = FitModel(GetParam(), HistoryOf(values), {});
  ASSERT_TRUE(model);
  const auto forecast = (*model)->Forecast(288, kProbabilities);
  ASSERT_TRUE(forecast);
  for (const auto& quantiles : forecast->quantiles) {
    for (const double value : quantiles) EXPECT_GE(value, 0.0);
  }
}

TEST_P(EveryModel, GivesTheSameBitsEachTime) {
  const auto values = ValuesOf({.samples = 900, .daily_amplitude = 5.0, .noise = 2.0, .walk = 0.3});
  const auto first = FitModel(GetParam(), HistoryOf(values), {});
  const auto second = FitModel(GetParam(), HistoryOf(values), {});
  ASSERT_TRUE(first && second);
  const auto a = (*first)->Forecast(50, kProbabilities);
  const auto b = (*second)->Forecast(50, kProbabilities);
  ASSERT_TRUE(a && b);
  EXPECT_EQ(a->value, b->value);
  EXPECT_EQ(a->quantiles, b->quantiles);
}

TEST_P(EveryModel, SaysWhatItCannotUse) {
  const auto reason = [&](const RegularHistory& history, const ModelOptions& options) {
    const auto model = FitModel(GetParam(), history, options);
    return model ? std::string_view("fitted") : model.error().reason;
  };
  const std::vector good = {1.0, 2.0, 3.0, 4.0};
  EXPECT_EQ(reason(HistoryOf({}), {}), "inference.not_enough_history");
  EXPECT_EQ(reason(HistoryOf(std::vector{1.0, kNan, 2.0}), {}), "inference.not_enough_history");
  EXPECT_EQ(reason(HistoryOf(good, std::chrono::milliseconds{0}), {}), "inference.bad_step");
  EXPECT_EQ(reason(HistoryOf(std::vector{1.0, 2.0, std::numeric_limits<double>::infinity()}), {}),
            "inference.bad_value");
  EXPECT_EQ(reason(HistoryOf(good), {.seasons = {1}, .prophet = {}}), "inference.bad_model_options");
  EXPECT_EQ(reason(HistoryOf(good), {.seasons = {24, 24}, .prophet = {}}), "inference.bad_model_options");
  const auto model = FitModel(GetParam(), HistoryOf(good), {});
  ASSERT_TRUE(model);
  EXPECT_EQ((*model)->Forecast(1, std::vector{0.5, 0.4}).error().reason, "inference.bad_level");
  EXPECT_EQ((*model)->Forecast(1, std::vector{1.0}).error().reason, "inference.bad_level");
}

INSTANTIATE_TEST_SUITE_P(Models, EveryModel, ::testing::ValuesIn(kNamedModels),
                         [](const auto& info) { return std::string(NamedModelName(info.param)); });

}  // namespace
}  // namespace helios::ml
