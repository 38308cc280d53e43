// SPDX-License-Identifier: Apache-2.0
// What the ensemble costs: a fit to fourteen days of five minutes, a forecast from it, a sample taken in.
#include "ml/ensemble_forecaster.h"

#include <benchmark/benchmark.h>

#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

constexpr std::size_t kDay = 288;

std::vector<double> Fortnight() {
  std::vector<double> values;
  for (const auto& sample : SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5}.Make()) {
    values.push_back(sample.value);
  }
  return values;
}

void BM_EnsembleFit(benchmark::State& state) {
  const auto values = Fortnight();
  for (auto _ : state) {
    auto fitted = EnsembleForecaster::Fit(values, kDay);
    benchmark::DoNotOptimize(fitted);
  }
}
BENCHMARK(BM_EnsembleFit)->Unit(benchmark::kMillisecond);

void BM_EnsembleForecast(benchmark::State& state) {
  const auto fitted = EnsembleForecaster::Fit(Fortnight(), kDay);
  for (auto _ : state) {
    auto forecast = fitted->Forecast(static_cast<std::size_t>(state.range(0)), 0.95);
    benchmark::DoNotOptimize(forecast);
  }
}
BENCHMARK(BM_EnsembleForecast)->ArgName("steps")->Arg(12)->Arg(288)->Unit(benchmark::kMicrosecond);

void BM_EnsembleAppend(benchmark::State& state) {
  const auto values = Fortnight();
  auto fitted = EnsembleForecaster::Fit(values, kDay);
  std::size_t next = 0;
  for (auto _ : state) fitted->Append(values[next++ % values.size()]);
}
BENCHMARK(BM_EnsembleAppend);

}  // namespace
}  // namespace helios::ml
