// SPDX-License-Identifier: Apache-2.0
// What a history can be at worst, through every way in: an error with a code, or finite bounds in their order. And the
// same bits from every thread.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>
#include <string>
#include <thread>

#include "ml/detector.h"
#include "ml/forecast.h"
#include "ml/model_choice.h"
#include "ml/seasons.h"
#include "ml/synthetic_series.h"
#include "ml/xgboost_model.h"

namespace helios::ml {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kSecond = 1'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

struct BadHistory {
  std::string name;
  std::vector<Sample> samples;
};

void PrintTo(const BadHistory& bad, std::ostream* out) {
  *out << bad.name;
}

/// `size` samples, one each `step` milliseconds, of the values that `value` gives.
template <class Value>
std::vector<Sample> Make(std::size_t size, std::int64_t step, Value value) {
  std::vector<Sample> samples;
  for (std::size_t i = 0; i < size; ++i) {
    samples.push_back({FromUnixMs(1'700'006'400'000 + static_cast<std::int64_t>(i) * step), value(i)});
  }
  return samples;
}

std::vector<BadHistory> BadHistories() {
  constexpr std::int64_t kHour = 3'600 * kSecond;
  const auto wave = [](std::size_t i) { return 10.0 + static_cast<double>(i * 7'919 % 24); };
  const auto extremes = [](std::size_t i) { return i % 2 == 0 ? 1.7e308 : -1.7e308; };
  auto unsorted = Make(400, kHour, wave);
  for (std::size_t i = 0; i + 1 < unsorted.size(); i += 3)
    std::swap(unsorted[i], unsorted[unsorted.size() - 1 - i / 2]);
  auto duplicated = Make(200, kHour, wave);
  for (const auto& sample : Make(200, kHour, [&](std::size_t i) { return wave(i) + 1.0; }))
    duplicated.push_back(sample);
  auto week_gap = Make(200, kHour, wave);
  for (auto& sample : Make(200, kHour, wave)) {
    week_gap.push_back({sample.time + std::chrono::hours{200 + 168}, sample.value});
  }
  return {{"Empty", {}},
          {"OnePoint", Make(1, kHour, wave)},
          {"TwoPoints", Make(2, kHour, wave)},
          {"AllNaN", Make(400, kHour, [](std::size_t) { return kNaN; })},
          {"AllEqual", Make(400, kHour, [](std::size_t) { return 0.1; })},
          {"AllZero", Make(400, kHour, [](std::size_t) { return 0.0; })},
          {"AlternatingExtremes", Make(400, kHour, extremes)},
          {"FewAlternatingExtremes", Make(9, kHour, extremes)},
          {"Huge", Make(400, kHour, [](std::size_t i) { return i % 5 == 0 ? 1e308 : 1.0; })},
          {"Tiny", Make(400, kHour, [](std::size_t i) { return i % 5 == 0 ? 5e-324 : 0.0; })},
          {"Infinite",
           Make(400, kHour,
                [&](std::size_t i) { return i % 50 == 0 ? std::numeric_limits<double>::infinity() : wave(i); })},
          {"Unsorted", std::move(unsorted)},
          {"Duplicated", std::move(duplicated)},
          {"GapOfAWeek", std::move(week_gap)},
          {"StepOfASecond", Make(5'000, kSecond, wave)},
          {"StepOfADay", Make(400, kDay, wave)},
          {"MostlyUnknown", Make(400, kHour, [&](std::size_t i) { return i % 97 == 0 ? wave(i) : kNaN; })},
          {"OneBurst", Make(400, kHour, [](std::size_t i) { return i == 399 ? 1e9 : 0.0; })}};
}

/// Values on the regular step that the samples have, for the models that want one; at most four weeks of hours.
struct Regular {
  std::chrono::milliseconds step = std::chrono::hours{1};
  std::vector<double> values;

  explicit Regular(const std::vector<Sample>& samples) {
    if (samples.size() >= 2) step = InferStep(samples);
    for (const auto& sample : samples) values.push_back(sample.value);
    if (values.size() > 672) values.resize(672);
  }
  [[nodiscard]] RegularHistory history() const {
    return {.first = FromUnixMs(1'700'006'400'000), .step = step, .values = values};
  }
};

void ExpectSane(const QuantileForecast& forecast, std::size_t steps) {
  ASSERT_EQ(forecast.value.size(), steps);
  ASSERT_EQ(forecast.quantiles.size(), 2U);
  for (std::size_t h = 0; h < steps; ++h) {
    EXPECT_TRUE(std::isfinite(forecast.value[h]) && std::isfinite(forecast.quantiles[0][h]) &&
                std::isfinite(forecast.quantiles[1][h]))
        << h;
    EXPECT_LE(forecast.quantiles[0][h], forecast.quantiles[1][h]) << h;
  }
}

class BadInput : public ::testing::TestWithParam<BadHistory> {};

TEST_P(BadInput, FitForecasterGivesAnErrorOrFiniteBounds) {
  const auto forecast =
      Forecast(GetParam().samples, {.horizons = {std::chrono::minutes{1}, std::chrono::minutes{60},
                                                 std::chrono::minutes{1'440}, std::chrono::minutes{10'080}}});
  if (!forecast) {
    EXPECT_EQ(forecast.error().reason, "inference.not_enough_history");
    return;
  }
  EXPECT_FALSE(forecast->reason.empty());
  for (const auto& point : forecast->points) {
    EXPECT_TRUE(std::isfinite(point.value) && std::isfinite(point.lower) && std::isfinite(point.upper));
    EXPECT_LE(point.lower, point.value);
    EXPECT_LE(point.value, point.upper);
  }
}

TEST_P(BadInput, EachNamedModelGivesAnErrorOrFiniteQuantiles) {
  const Regular regular(GetParam().samples);
  for (const auto which : kNamedModels) {
    SCOPED_TRACE(NamedModelName(which));
    const auto model = FitModel(which, regular.history(), {});
    if (!model) {
      EXPECT_TRUE(model.error().reason.starts_with("inference."));
      continue;
    }
    for (const double value : {1.0, kNaN, 1e308, -1e308, 0.0}) (*model)->Append(value);
    const auto forecast = (*model)->Forecast(30, std::vector{0.025, 0.975});
    ASSERT_TRUE(forecast) << forecast.error().message;
    ExpectSane(*forecast, 30);
  }
}

TEST_P(BadInput, ChoiceEnsembleAndXgboostGiveAnErrorOrFiniteQuantiles) {
  const Regular regular(GetParam().samples);
  const std::vector<ModelCandidate> candidates = {{.name = "ensemble", .fit = FitEnsemble},
                                                  CandidateOf(NamedModel::kTheta)};
  const auto choice = ChooseModel(regular.history(), candidates, {.steps = 6, .origins = 3});
  if (choice) {
    EXPECT_FALSE(choice->reason.empty());
    const auto forecast = choice->model->Forecast(6, std::vector{0.025, 0.975});
    ASSERT_TRUE(forecast) << forecast.error().message;
    ExpectSane(*forecast, 6);
  } else {
    EXPECT_TRUE(choice.error().reason.starts_with("inference."));
  }
  if (!XgboostModel::Available()) return;
  const auto xgboost = FitXgboost(regular.history(), {.rounds = 5});
  if (!xgboost) {
    EXPECT_TRUE(xgboost.error().reason.starts_with("inference."));
    return;
  }
  const auto forecast = (*xgboost)->Forecast(1, std::vector{0.025, 0.975});
  ASSERT_TRUE(forecast) << forecast.error().message;
  ExpectSane(*forecast, 1);
}

TEST_P(BadInput, TheDetectorScoresWithinItsRange) {
  const Detector detector;
  DetectorState state;
  for (const auto& sample : GetParam().samples) {
    const auto detection = detector.Score(state, sample);
    EXPECT_TRUE(detection.score >= 0.0 && detection.score <= 1.0);
    if (!detection.scored) continue;
    EXPECT_TRUE(std::isfinite(detection.lower) && std::isfinite(detection.upper));
    EXPECT_LE(detection.lower, detection.upper);
  }
}

TEST_P(BadInput, SeasonsAreWithinHalfOfTheValues) {
  const Regular regular(GetParam().samples);
  for (const auto& season : FindSeasons(regular.values, 24)) {
    EXPECT_GE(season.steps, 2U);
    EXPECT_LE(2 * season.steps, regular.values.size());
    EXPECT_TRUE(season.strength > 0.0 && season.strength <= 1.0);
  }
}

INSTANTIATE_TEST_SUITE_P(Histories, BadInput, ::testing::ValuesIn(BadHistories()),
                         [](const auto& info) { return info.param.name; });

TEST(BadInputProperties, AnyValuesGiveAnErrorOrFiniteQuantilesOfEachNamedModel) {
  EXPECT_TRUE(rc::check("blocks of any values, repeated", [] {
    const auto size = *rc::gen::inRange<std::size_t>(0, 200);
    const auto block =
        *rc::gen::resize(30, rc::gen::nonEmpty(rc::gen::container<std::vector<double>>(rc::gen::weightedOneOf<double>(
                                 {{6, rc::gen::map(rc::gen::inRange(-9'000, 9'000), [](int i) { return i / 10.0; })},
                                  {2, rc::gen::element(0.0, 1.0)},
                                  {1, rc::gen::element(1.7e308, -1.7e308, 5e-324, -0.0, 1e-300, kNaN)}}))));
    std::vector<double> values;
    for (std::size_t i = 0; i < size; ++i) values.push_back(block[i % block.size()]);
    const RegularHistory history{.first = {}, .step = std::chrono::hours{1}, .values = values};
    const auto which = *rc::gen::element(NamedModel::kSeasonalNaive, NamedModel::kExponentialSmoothing,
                                         NamedModel::kTheta, NamedModel::kMstl, NamedModel::kProphet);
    const auto model = FitModel(which, history, {});
    if (!model) return;
    const auto forecast = (*model)->Forecast(12, std::vector{0.05, 0.95});
    RC_ASSERT(static_cast<bool>(forecast));
    for (std::size_t h = 0; h < 12; ++h) {
      RC_ASSERT(std::isfinite(forecast->value[h]));
      RC_ASSERT(std::isfinite(forecast->quantiles[0][h]) && std::isfinite(forecast->quantiles[1][h]));
      RC_ASSERT(forecast->quantiles[0][h] <= forecast->quantiles[1][h]);
    }
  }));
}

/// Everything that is said about one series.
std::vector<double> SaidAbout(std::span<const Sample> samples) {
  std::vector<double> said;
  const auto forecast = Forecast(samples, {.horizons = {std::chrono::minutes{5}, std::chrono::minutes{720}}});
  for (const auto& point : forecast->points) said.insert(said.end(), {point.value, point.lower, point.upper});
  std::vector<double> values;
  for (const auto& sample : samples) values.push_back(sample.value);
  const RegularHistory history{.first = samples.front().time, .step = std::chrono::minutes{5}, .values = values};
  std::vector<std::unique_ptr<FittedModel>> models;
  for (const auto which : kNamedModels) models.push_back(*FitModel(which, history, {}));
  if (XgboostModel::Available()) models.push_back(*FitXgboost(history, {.rounds = 10}));
  for (const auto& model : models) {
    const auto quantiles = model->Forecast(24, std::vector{0.025, 0.975});
    said.insert(said.end(), quantiles->value.begin(), quantiles->value.end());
    for (const auto& column : quantiles->quantiles) said.insert(said.end(), column.begin(), column.end());
  }
  const Detector detector;
  DetectorState state;
  for (const auto& sample : samples) said.push_back(detector.Score(state, sample).score);
  return said;
}

TEST(Threads, EachFitsTheSameSeriesToTheSameBits) {
  const auto samples = SyntheticSeries{.samples = 5 * 288, .daily_amplitude = 20.0, .noise = 4.0, .walk = 0.3}.Make();
  const auto alone = SaidAbout(samples);
  std::vector<std::vector<double>> said(4);
  {
    std::vector<std::jthread> threads;
    for (auto& one : said) threads.emplace_back([&] { one = SaidAbout(samples); });
  }
  for (const auto& one : said) EXPECT_TRUE(one == alone);  // no value is NaN, so equal numbers are equal bits
}

}  // namespace
}  // namespace helios::ml
