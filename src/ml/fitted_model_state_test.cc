// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <limits>

#include "ml/fitted_model.h"
#include "ml/model_choice.h"
#include "ml/synthetic_series.h"
#include "ml/xgboost_model.h"

namespace helios::ml {
namespace {

constexpr double kProbabilities[] = {0.025, 0.2, 0.5, 0.9, 0.975};
constexpr std::size_t kFitted = 24 * 22;  // three weeks of hours and a bit: a weekly season too
constexpr std::size_t kNewer = 30;

struct Hourly {
  std::vector<double> values;
  TimestampMs first{};

  explicit Hourly(std::uint64_t seed) {
    const auto samples = SyntheticSeries{.samples = kFitted + kNewer,
                                         .step = std::chrono::hours{1},
                                         .daily_amplitude = 20.0,
                                         .noise = 3.0,
                                         .walk = 0.5,
                                         .seed = seed}
                             .Make();
    first = samples.front().time;
    for (const auto& sample : samples) values.push_back(sample.value);
    values[200] = std::numeric_limits<double>::quiet_NaN();
    values[kFitted + 2] = std::numeric_limits<double>::quiet_NaN();
  }

  [[nodiscard]] RegularHistory First(std::size_t size) const {
    return {.first = first, .step = std::chrono::hours{1}, .values = std::span(values).first(size)};
  }
};

void ExpectSame(const FittedModel& a, const FittedModel& b) {
  EXPECT_EQ(a.origin(), b.origin());
  EXPECT_EQ(a.step(), b.step());
  const auto first = a.Forecast(24, kProbabilities);
  const auto second = b.Forecast(24, kProbabilities);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->value, second->value);
  EXPECT_EQ(first->quantiles, second->quantiles);
  EXPECT_EQ(*a.Save(), *b.Save());
}

void ExpectToSurvive(const FittedModel& fitted, const Hourly& series) {
  const auto saved = fitted.Save();
  ASSERT_TRUE(saved);
  const auto restored = RestoreModel(*saved, series.First(kFitted));
  ASSERT_TRUE(restored) << restored.error().message;
  ExpectSame(**restored, fitted);

  const auto appended = fitted.Clone();
  for (std::size_t i = kFitted; i < series.values.size(); ++i) appended->Append(series.values[i]);
  const auto moved_on = RestoreModel(*saved, series.First(series.values.size()));
  ASSERT_TRUE(moved_on) << moved_on.error().message;
  ExpectSame(**moved_on, *appended);

  for (std::size_t size = 0; size < std::min<std::size_t>(saved->size(), 400); ++size) {
    EXPECT_EQ(RestoreModel(saved->substr(0, size), series.First(kFitted)).error().reason, "ml.bad_artifact") << size;
  }
  auto newer = *saved;
  newer[0] = 2;
  EXPECT_EQ(RestoreModel(newer, series.First(kFitted)).error().reason, "ml.newer_format");
}

class EveryNamedModelsState : public testing::TestWithParam<NamedModel> {};

TEST_P(EveryNamedModelsState, ForecastsTheSameBitsAndTakesNewerValuesInAsAppendDoes) {
  const Hourly series(1);
  ModelOptions options;
  options.prophet.holidays.push_back(
      {.days = {series.first + std::chrono::days{3}}, .upper_window = 1, .prior_scale = 5.0});
  options.prophet.seasonalities.push_back({.period_days = 3.5, .order = 2, .prior_scale = {}, .mode = {}});
  const auto fitted = FitModel(GetParam(), series.First(kFitted), options);
  ASSERT_TRUE(fitted);
  ExpectToSurvive(**fitted, series);
}

TEST_P(EveryNamedModelsState, SurvivesWhenItSawThreeValuesAndNoSeason) {
  const std::vector<double> values = {3.0, 1.0, 2.0};
  const RegularHistory history{.first = {}, .step = std::chrono::minutes{5}, .values = values};
  const auto fitted = FitModel(GetParam(), history, {});
  ASSERT_TRUE(fitted);
  const auto restored = RestoreModel(*(*fitted)->Save(), {});
  ASSERT_TRUE(restored) << restored.error().message;
  ExpectSame(**restored, **fitted);
}

TEST_P(EveryNamedModelsState, RefusesAHistoryOffItsGridAndOneTooFarOn) {
  const Hourly series(2);
  const auto fitted = FitModel(GetParam(), series.First(kFitted), {});
  ASSERT_TRUE(fitted);
  const auto saved = (*fitted)->Save();
  auto off = series.First(kFitted);
  off.first += std::chrono::minutes{7};
  EXPECT_EQ(RestoreModel(*saved, off).error().reason, "inference.bad_step");
  auto late = series.First(kFitted);
  late.first += std::chrono::hours{2'000'000};
  EXPECT_EQ(RestoreModel(*saved, late).error().reason, "ml.stale_model");
}

INSTANTIATE_TEST_SUITE_P(Models, EveryNamedModelsState, testing::ValuesIn(kNamedModels),
                         [](const auto& info) { return std::string(NamedModelName(info.param)); });

TEST(EnsembleModelState, ForecastsTheSameBitsAndTakesNewerValuesInAsAppendDoes) {
  const Hourly series(4);
  // From its fortnight on: what lies before is not part of the fit.
  const auto fitted = FitEnsemble(series.First(kFitted));
  ASSERT_TRUE(fitted);
  ExpectToSurvive(**fitted, series);
}

/// A naive model that repeats the day which really comes, but is off by 30 in every third hour from `phase` on.
ModelCandidate OffEveryThirdHour(const Hourly& series, std::size_t phase) {
  return {.name = fmt::format("off from {}", phase), .fit = [&series, phase](const RegularHistory& history) {
            std::vector<double> values(history.values.size());
            for (std::size_t i = 0; i < values.size(); ++i) {
              const std::size_t hour = (i + 24 * 30 - values.size()) % 24;  // of the day that comes
              const double comes = series.values[(values.size() + hour) % series.values.size()];
              values[i] = comes + (hour % 3 == phase ? 30.0 : 0.0);
            }
            return FitModel(NamedModel::kSeasonalNaive,
                            {.first = history.first, .step = history.step, .values = values},
                            {.seasons = {24}, .prophet = {}});
          }};
}

TEST(ModelChoiceState, AMedianOfSeveralModelsForecastsTheSameBits) {
  const Hourly series(5);
  const ModelCandidate candidates[] = {OffEveryThirdHour(series, 0), OffEveryThirdHour(series, 1),
                                       OffEveryThirdHour(series, 2)};
  const auto choice = ChooseModel(series.First(kFitted), candidates, {.hopeless = 100.0, .power = 0.0});
  ASSERT_TRUE(choice);
  ASSERT_EQ(choice->name, "weighted median") << choice->reason;
  ExpectToSurvive(*choice->model, series);
}

TEST(XgboostState, ForecastsTheSameBitsAndTakesNewerValuesInAsAppendDoes) {
  if (!XgboostModel::Available()) GTEST_SKIP() << "this build has no XGBoost";
  const Hourly series(3);
  const auto fitted = FitXgboost(series.First(kFitted), {.rounds = 10});
  ASSERT_TRUE(fitted);
  ExpectToSurvive(**fitted, series);
}

TEST(XgboostState, RestoresAllSeriesOfAMetricFromOneSetOfTrees) {
  if (!XgboostModel::Available()) GTEST_SKIP() << "this build has no XGBoost";
  const Hourly a(4);
  const Hourly b(5);
  const auto history = [&](std::size_t size) {
    return MetricHistory{.first = a.first,
                         .step = std::chrono::hours{1},
                         .series = {std::span(a.values).first(size), std::span(b.values).first(size)}};
  };
  auto fitted = XgboostModel::Fit(history(kFitted), {.rounds = 10});
  ASSERT_TRUE(fitted);
  const auto bytes = fitted->Bytes();
  ASSERT_TRUE(bytes);
  for (std::size_t i = kFitted; i < a.values.size(); ++i) fitted->Append(std::array{a.values[i], b.values[i]});
  const auto restored = XgboostModel::FromBytes(*bytes, history(a.values.size()));
  ASSERT_TRUE(restored) << restored.error().message;
  EXPECT_EQ(restored->origin(), fitted->origin());
  for (const std::size_t s : {0U, 1U}) {
    const auto first = fitted->Forecast(s, 24, kProbabilities);
    const auto second = restored->Forecast(s, 24, kProbabilities);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->value, second->value);
    EXPECT_EQ(first->quantiles, second->quantiles);
  }
  EXPECT_EQ(*restored->Bytes(), *bytes);
}

}  // namespace
}  // namespace helios::ml
