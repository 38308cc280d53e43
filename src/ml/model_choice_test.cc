// SPDX-License-Identifier: Apache-2.0
#include "ml/model_choice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t kDay = 24;

std::vector<double> Hourly(const SyntheticSeries& series) {
  auto hourly = series;
  hourly.step = std::chrono::hours{1};
  std::vector<double> values;
  for (const auto& sample : hourly.Make()) values.push_back(sample.value);
  return values;
}

RegularHistory HistoryOf(std::span<const double> values) {
  return {.first = FromUnixMs(1'700'006'400'000), .step = std::chrono::hours{1}, .values = values};
}

/// Always says the same.
class Stubborn final : public FittedModel {
 public:
  Stubborn(double says, TimestampMs origin) : says_(says), origin_(origin) {}
  void Append(double) override { origin_ += std::chrono::hours{1}; }
  [[nodiscard]] Result<QuantileForecast> Forecast(std::size_t steps,
                                                  std::span<const double> probabilities) const override {
    return QuantileForecast{.value = std::vector(steps, says_),
                            .quantiles = std::vector(probabilities.size(), std::vector(steps, says_))};
  }
  [[nodiscard]] std::unique_ptr<FittedModel> Clone() const override { return std::make_unique<Stubborn>(*this); }
  [[nodiscard]] Result<std::string> Save() const override { return std::string(); }
  [[nodiscard]] TimestampMs origin() const override { return origin_; }
  [[nodiscard]] std::chrono::milliseconds step() const override { return std::chrono::hours{1}; }

 private:
  double says_;
  TimestampMs origin_;
};

/// Says always `says`, and counts how often it is fitted.
ModelCandidate Saying(double says, int* fits = nullptr) {
  return {.name = fmt::format("says {}", says),
          .fit = [says, fits](const RegularHistory& history) -> Result<std::unique_ptr<FittedModel>> {
            if (fits != nullptr) ++*fits;
            return std::make_unique<Stubborn>(
                says, history.first + history.step * static_cast<long>(history.values.size() - 1));
          }};
}

TEST(ChooseModel, TheModelThatErrsLeastServesAndTheReasonSaysByHowMuch) {
  const auto values = Hourly({.samples = 14 * kDay, .daily_amplitude = 20.0, .noise = 5.0});
  const std::vector candidates = {CandidateOf(NamedModel::kTheta), CandidateOf(NamedModel::kExponentialSmoothing)};
  const auto choice = ChooseModel(HistoryOf(values), candidates, {.steps = kDay});
  ASSERT_TRUE(choice) << choice.error().message;
  EXPECT_NE(choice->name, "seasonal_naive");
  EXPECT_THAT(choice->reason, HasSubstr("% less absolute error than"));
  ASSERT_EQ(choice->scores.size(), 3U);
  EXPECT_EQ(choice->scores[0].name, "seasonal_naive");
  double weights = 0.0;
  for (const auto& score : choice->scores) {
    EXPECT_TRUE(score.error);
    weights += score.weight;
  }
  EXPECT_NEAR(weights, 1.0, 1e-12);
  EXPECT_EQ(choice->model->origin(), FromUnixMs(1'700'006'400'000) + std::chrono::hours{14 * 24 - 1});
}

TEST(ChooseModel, AHopelessCandidateIsStoppedEarly) {
  const auto values = Hourly({.samples = 14 * kDay, .daily_amplitude = 20.0, .noise = 1.0});
  int fits = 0;
  const auto choice = ChooseModel(HistoryOf(values), std::vector{Saying(1e6, &fits)}, {.trial_origins = 2});
  ASSERT_TRUE(choice);
  EXPECT_EQ(fits, 2);
  EXPECT_EQ(choice->name, "seasonal_naive");
  EXPECT_EQ(choice->scores[1].origins, 2U);
  EXPECT_THAT(choice->scores[1].stopped, HasSubstr("times as much as the best"));
  EXPECT_THAT(choice->reason, HasSubstr("no model beat the seasonal naive"));
}

/// Says 50, but from every third origin 57: which ones, `phase` says.
ModelCandidate WrongAtEveryThird(std::size_t phase) {
  return {.name = fmt::format("wrong at {}", phase),
          .fit = [phase](const RegularHistory& history) -> Result<std::unique_ptr<FittedModel>> {
            const std::size_t size = history.values.size();
            return std::make_unique<Stubborn>(size / 12 % 3 == phase ? 57.0 : 50.0,
                                              history.first + history.step * static_cast<long>(size - 1));
          }};
}

TEST(ChooseModel, SeveralServeTogetherWhereTheyErrAtDifferentTimes) {
  const auto values = Hourly({.samples = 14 * kDay, .level = 50.0, .noise = 5.0});
  const std::vector candidates = {WrongAtEveryThird(0), WrongAtEveryThird(1), WrongAtEveryThird(2)};
  const auto choice = ChooseModel(HistoryOf(values), candidates, {.hopeless = 10.0, .power = 0.0});
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->name, "weighted median");
  EXPECT_THAT(choice->reason, HasSubstr("the weighted median of 4 models"));
  const auto forecast = choice->model->Forecast(3, std::vector{0.1, 0.9});
  ASSERT_TRUE(forecast);
  EXPECT_EQ(forecast->value[0], 50.0);  // of the three one is wrong at any time, so two of four say it
  EXPECT_LE(forecast->quantiles[0][0], forecast->quantiles[1][0]);
  // One alone has nobody to correct it.
  const auto alone = ChooseModel(HistoryOf(values), std::span(candidates).first(1), {.hopeless = 10.0});
  ASSERT_TRUE(alone);
  EXPECT_NE(alone->name, "weighted median");
}

TEST(ChooseModel, WhatCannotBeFittedIsNamedAndLeftOut) {
  const auto values = Hourly({.samples = 14 * kDay, .daily_amplitude = 20.0, .noise = 1.0});
  const ModelCandidate broken{.name = "broken",
                              .fit = [](const RegularHistory&) -> Result<std::unique_ptr<FittedModel>> {
                                return Fail(ErrorCode::kFailedPrecondition, "inference.model_not_built", "not here");
                              }};
  const auto choice = ChooseModel(HistoryOf(values), std::vector{broken, CandidateOf(NamedModel::kMstl)}, {});
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->scores[1].stopped, "it failed: not here");
  EXPECT_FALSE(choice->scores[1].error);
  // Too short to hold anything back: the first that fits serves, and the reason says what failed.
  const auto tiny = ChooseModel(HistoryOf(std::span(values).first(4)),
                                std::vector{broken, CandidateOf(NamedModel::kTheta)}, {.steps = 12});
  ASSERT_TRUE(tiny);
  EXPECT_EQ(tiny->name, "theta");
  EXPECT_THAT(tiny->reason, HasSubstr("no model could be tried"));
  EXPECT_THAT(tiny->reason, HasSubstr("not here"));
  EXPECT_FALSE(ChooseModel(HistoryOf({}), {}, {}));
  EXPECT_FALSE(ChooseModel(HistoryOf(values), {}, {.steps = 0}));
}

TEST(ChooseModel, TheEnsembleTakesPartLikeAnyOther) {
  const auto values = Hourly({.samples = 14 * kDay, .daily_amplitude = 20.0, .noise = 3.0, .walk = 0.5});
  const ModelCandidate ensemble{.name = "ensemble", .fit = FitEnsemble};
  const auto choice = ChooseModel(HistoryOf(values), std::vector{ensemble}, {.steps = kDay});
  ASSERT_TRUE(choice);
  EXPECT_EQ(choice->name, "ensemble");
  auto model = choice->model->Clone();
  model->Append(100.0);
  EXPECT_EQ(model->origin(), choice->model->origin() + std::chrono::hours{1});
  const auto forecast = model->Forecast(kDay, std::vector{0.025, 0.5, 0.975});
  ASSERT_TRUE(forecast);
  for (std::size_t h = 0; h < kDay; ++h) {
    EXPECT_LE(forecast->quantiles[0][h], forecast->value[h]);
    EXPECT_EQ(forecast->quantiles[1][h], forecast->value[h]);
    EXPECT_LE(forecast->value[h], forecast->quantiles[2][h]);
  }
  EXPECT_FALSE(model->Forecast(kDay + 1, {}));
  EXPECT_FALSE(FitEnsemble(HistoryOf(std::vector(100, std::numeric_limits<double>::infinity()))));
  EXPECT_FALSE(FitEnsemble(HistoryOf(std::span(values).first(30))));
}

}  // namespace
}  // namespace helios::ml
