// SPDX-License-Identifier: Apache-2.0
// What was ever written stays readable: tests/golden/README.md says what lies there and how it is made.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "base/hex.h"
#include "ml/detector.h"
#include "ml/forecast.h"
#include "ml/golden_files.h"
#include "ml/model_bundle.h"
#include "ml/model_parts.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using std::chrono::minutes;

constexpr std::size_t kNewer = 12;
/// A later version may forecast this share of an interval's width aside.
constexpr double kTolerance = 0.01;
constexpr double kProbabilities[] = {0.025, 0.975};
constexpr std::size_t kSteps = 24;

/// A series whose model lies in the golden artifact under `key`.
struct GoldenSeries {
  std::string key;
  SyntheticSeries series;
  std::optional<NamedModel> named;  // none: FitForecaster() chooses

  /// The history of its fit, and kNewer samples after it.
  [[nodiscard]] std::vector<Sample> Samples() const {
    auto longer = series;
    longer.samples += kNewer;
    return longer.Make();
  }
};

std::vector<GoldenSeries> TheSeries() {
  const SyntheticSeries hourly{.samples = 24 * 22,
                               .step = std::chrono::hours{1},
                               .daily_amplitude = 20.0,
                               .noise = 3.0,
                               .walk = 0.2,
                               .seed = 11};
  std::vector<GoldenSeries> all = {
      {"constant", {.samples = 600, .seed = 1}, {}},
      {"ensemble", {.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5, .seed = 2}, {}},
      {"ensemble hourly", hourly, {}},
      {"naive", {.samples = 400, .walk = 1.0, .seed = 3}, {}},
      {"smoothing", {.samples = 700, .daily_amplitude = 20.0, .noise = 1.0, .seed = 4}, {}},
  };
  for (const auto model : kNamedModels) all.push_back({"named " + std::string(NamedModelName(model)), hourly, model});
  return all;
}

std::vector<double> ValuesOf(std::span<const Sample> samples) {
  std::vector<double> values;
  for (const auto& sample : samples) values.push_back(sample.value);
  return values;
}

ModelDescription Described(std::string_view type) {
  return {.model_type = std::string(type), .reason = "golden", .step = std::chrono::hours{1}};
}

std::string PartOf(const GoldenSeries& golden) {
  const auto samples = golden.Samples();
  const auto fitted = std::span(samples).first(golden.series.samples);
  if (!golden.named) return FitForecaster(fitted, {})->Save();
  const auto values = ValuesOf(fitted);
  const auto model =
      FitModel(*golden.named, {.first = samples.front().time, .step = golden.series.step, .values = values}, {});
  return *SaveNamedModel(Described(NamedModelName(*golden.named)), **model);
}

/// Value, lower and upper end at some horizons, from the part and the history with newer samples.
using Numbers = std::vector<double>;
Result<Numbers> ForecastFrom(std::string_view part, const GoldenSeries& golden) {
  const auto samples = golden.Samples();
  Numbers numbers;
  if (!golden.named) {
    HELIOS_TRY(const auto restored, FittedForecaster::Restore(part, samples));
    const minutes horizons[] = {minutes{15}, minutes{60}, minutes{600}, minutes{1'440}, minutes{2'000}};
    HELIOS_TRY(const auto forecast, restored.Forecast(horizons, 0.95));
    for (const auto& point : forecast.points) numbers.insert(numbers.end(), {point.value, point.lower, point.upper});
    return numbers;
  }
  const auto values = ValuesOf(samples);
  HELIOS_TRY(const auto model,
             RestoreNamedModel(part, {.first = samples.front().time, .step = golden.series.step, .values = values}));
  HELIOS_TRY(const auto forecast, model->Forecast(kSteps, kProbabilities));
  for (const std::size_t h : {0U, 5U, 23U}) {
    numbers.insert(numbers.end(), {forecast.value[h], forecast.quantiles[0][h], forecast.quantiles[1][h]});
  }
  return numbers;
}

std::vector<double> XgboostValues() {
  return ValuesOf(SyntheticSeries{
      .samples = 24 * 10, .step = std::chrono::hours{1}, .daily_amplitude = 20.0, .noise = 3.0, .seed = 12}
                      .Make());
}

Result<Numbers> XgboostForecastFrom(std::string_view part) {
  HELIOS_TRY(const auto read, ReadMetricModel(part));
  const auto values = XgboostValues();
  HELIOS_TRY(const auto model,
             XgboostModel::FromBytes(read.model, {.first = {}, .step = std::chrono::hours{1}, .series = {values}}));
  HELIOS_TRY(const auto forecast, model.Forecast(0, kSteps, kProbabilities));
  Numbers numbers;
  for (const std::size_t h : {0U, 5U, 23U}) {
    numbers.insert(numbers.end(), {forecast.value[h], forecast.quantiles[0][h], forecast.quantiles[1][h]});
  }
  return numbers;
}

SyntheticSeries DetectorSeries() {
  return {.samples = 1'050, .daily_amplitude = 20.0, .noise = 3.0, .seed = 13};
}

/// Expected value and its limits at the samples after the golden state.
Numbers ScoresFrom(DetectorState state) {
  const auto samples = DetectorSeries().Make();
  const Detector detector;
  Numbers numbers;
  for (const auto& sample : std::span(samples).subspan(1'000)) {
    const auto detection = detector.Score(state, sample);
    numbers.insert(numbers.end(), {detection.expected, detection.lower, detection.upper});
  }
  return numbers;
}

DetectorState StateBefore() {
  const auto samples = DetectorSeries().Make();
  DetectorState state;
  const Detector detector;
  for (const auto& sample : std::span(samples).first(1'000)) detector.Score(state, sample);
  return state;
}

std::string GoldenText(std::string_view name) {
  for (const auto& file : GoldenFiles()) {
    if (file.name == name) return std::string(file.bytes);
  }
  ADD_FAILURE() << "there is no golden file " << name;
  return {};
}

/// The bytes of a file of hexadecimal lines.
std::string GoldenBytes(std::string_view name) {
  std::string digits;
  for (const char c : GoldenText(name)) {
    if (c != '\n') digits += c;
  }
  std::vector<std::uint8_t> bytes(digits.size() / 2);
  EXPECT_TRUE(FromHex(digits, bytes)) << name;
  return {bytes.begin(), bytes.end()};
}

/// Lines of `key,value,lower,upper,value,…`.
std::map<std::string, Numbers> GoldenNumbers(std::string_view name) {
  std::map<std::string, Numbers> all;
  std::istringstream lines(GoldenText(name));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    std::string key;
    std::getline(cells, key, ',');
    for (std::string cell; std::getline(cells, cell, ',');) all[key].push_back(std::stod(cell));
  }
  return all;
}

void ExpectNear(const Numbers& got, const Numbers& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    const double width = want[i / 3 * 3 + 2] - want[i / 3 * 3 + 1];
    EXPECT_NEAR(got[i], want[i], kTolerance * width + 1e-9 * std::abs(want[i])) << i;
  }
}

/// Every version that there is a file of.
std::vector<std::string> Versions(std::string_view prefix) {
  std::vector<std::string> names;
  for (const auto& file : GoldenFiles()) {
    if (file.name.starts_with(prefix) && file.name.ends_with(".hex")) {
      names.emplace_back(file.name.substr(0, file.name.size() - 4));
    }
  }
  EXPECT_FALSE(names.empty()) << prefix;
  return names;
}

TEST(GoldenModelArtifact, OfEveryVersionForecastsAsItDidWhenItWasWritten) {
  for (const auto& name : Versions("model-artifact-v")) {
    const auto bytes = GoldenBytes(name + ".hex");
    const auto numbers = GoldenNumbers(name + ".csv");
    const auto bundle = ModelBundle::Open(bytes);
    ASSERT_TRUE(bundle) << bundle.error().message;
    EXPECT_TRUE(bundle->Verify());
    EXPECT_EQ(bundle->header().metric, "golden");
    EXPECT_EQ(bundle->size(), numbers.size());
    for (const auto& golden : TheSeries()) {
      SCOPED_TRACE(name + ": " + golden.key);
      const auto part = bundle->Part(golden.key);
      ASSERT_TRUE(part);
      EXPECT_TRUE(ReadDescription(*part));
      const auto forecast = ForecastFrom(*part, golden);
      ASSERT_TRUE(forecast) << forecast.error().message;
      ExpectNear(*forecast, numbers.at(golden.key));
    }
  }
}

TEST(GoldenMetricModel, OfEveryVersionForecastsAsItDidWhenItWasWritten) {
  if (!XgboostModel::Available()) GTEST_SKIP() << "this build has no XGBoost";
  for (const auto& name : Versions("metric-model-v")) {
    const auto forecast = XgboostForecastFrom(GoldenBytes(name + ".hex"));
    ASSERT_TRUE(forecast) << forecast.error().message;
    ExpectNear(*forecast, GoldenNumbers(name + ".csv").at("xgboost"));
  }
}

TEST(GoldenDetectorState, OfEveryVersionExpectsWhatItDidWhenItWasWritten) {
  for (const auto& name : Versions("detector-state-v")) {
    const auto bytes = GoldenBytes(name + ".hex");
    const auto state = DetectorState::Restore(std::as_bytes(std::span(bytes)));
    ASSERT_TRUE(state) << state.error().message;
    EXPECT_EQ(state->samples(), 1'000U);
    ExpectNear(ScoresFrom(*state), GoldenNumbers(name + ".csv").at("detector"));
  }
}

// What follows makes the files of the version that this tree writes.

void WriteBytes(const std::string& path, std::string_view bytes) {
  constexpr std::size_t kLine = 48;
  std::ofstream out(path);
  for (std::size_t at = 0; at < bytes.size(); at += kLine) {
    const auto line = bytes.substr(at, kLine);
    out << ToHex(std::vector<std::uint8_t>(line.begin(), line.end())) << '\n';
  }
}

void WriteNumbers(std::ofstream& out, std::string_view key, const Numbers& numbers) {
  out << key;
  for (const double number : numbers) out << fmt::format(",{}", number);
  out << '\n';
}

TEST(GoldenFiles, DISABLED_AreWritten) {
  const char* folder = std::getenv("HELIOS_GOLDEN_DIR");
  ASSERT_NE(folder, nullptr) << "set HELIOS_GOLDEN_DIR to a folder";
  const std::string to = std::string(folder) + "/";
  std::string bytes;
  auto writer = BundleWriter::Start({.created = FromUnixMs(1'767'441'600'000), .metric = "golden", .config = "{}"},
                                    [&](std::string_view more) -> Result<void> {
                                      bytes += more;
                                      return {};
                                    });
  ASSERT_TRUE(writer);
  std::ofstream numbers(to + "model-artifact-v1.csv");
  for (const auto& golden : TheSeries()) {
    const auto part = PartOf(golden);
    ASSERT_TRUE(writer->Add(golden.key, part));
    WriteNumbers(numbers, golden.key, *ForecastFrom(part, golden));
  }
  ASSERT_TRUE(writer->Finish());
  WriteBytes(to + "model-artifact-v1.hex", bytes);

  const auto values = XgboostValues();
  const auto model =
      XgboostModel::Fit({.first = {}, .step = std::chrono::hours{1}, .series = {values}}, {.rounds = 2, .depth = 3});
  ASSERT_TRUE(model) << model.error().message;
  const auto part = SaveMetricModel(Described("xgboost"), *model, std::vector<std::string>{"xgboost"});
  ASSERT_TRUE(part);
  WriteBytes(to + "metric-model-v1.hex", *part);
  std::ofstream metric(to + "metric-model-v1.csv");
  WriteNumbers(metric, "xgboost", *XgboostForecastFrom(*part));

  const auto state = StateBefore().Save();
  WriteBytes(to + "detector-state-v1.hex", {reinterpret_cast<const char*>(state.data()), state.size()});
  std::ofstream detector(to + "detector-state-v1.csv");
  WriteNumbers(detector, "detector", ScoresFrom(StateBefore()));
}

}  // namespace
}  // namespace helios::ml
