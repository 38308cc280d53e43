// SPDX-License-Identifier: Apache-2.0
// What each named model costs: a fit with its calibration of two weeks of five minutes, and a day's forecast from it.
#include <benchmark/benchmark.h>

#include <string>

#include "ml/fitted_model.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

std::vector<double> TwoWeeks() {
  std::vector<double> values;
  for (const auto& sample : SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5}.Make()) {
    values.push_back(sample.value);
  }
  return values;
}

void BM_FitModel(benchmark::State& state) {
  const auto model = static_cast<NamedModel>(state.range(0));
  state.SetLabel(std::string(NamedModelName(model)));
  const auto values = TwoWeeks();
  for (auto _ : state) {
    auto fitted = FitModel(model, {.first = {}, .step = std::chrono::minutes{5}, .values = values}, {});
    benchmark::DoNotOptimize(fitted);
  }
}
BENCHMARK(BM_FitModel)->ArgName("model")->DenseRange(0, std::size(kNamedModels) - 1)->Unit(benchmark::kMillisecond);

void BM_ForecastOfModel(benchmark::State& state) {
  const auto model = static_cast<NamedModel>(state.range(0));
  state.SetLabel(std::string(NamedModelName(model)));
  const auto values = TwoWeeks();
  const auto fitted = FitModel(model, {.first = {}, .step = std::chrono::minutes{5}, .values = values}, {});
  const std::vector probabilities = {0.025, 0.975};
  for (auto _ : state) {
    auto forecast = (*fitted)->Forecast(288, probabilities);
    benchmark::DoNotOptimize(forecast);
  }
}
BENCHMARK(BM_ForecastOfModel)
    ->ArgName("model")
    ->DenseRange(0, std::size(kNamedModels) - 1)
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace helios::ml
