// SPDX-License-Identifier: Apache-2.0
// What one series costs: fit (grid, choice, backtest, calibration) and forecast at 15, 30 and 60 minutes.
#include <benchmark/benchmark.h>

#include "ml/forecast.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

void BM_FitAndForecast(benchmark::State& state) {
  const auto history =
      SyntheticSeries{
          .samples = static_cast<std::size_t>(state.range(0)), .daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5}
          .Make();
  for (auto _ : state) {
    auto forecast = Forecast(history, {});
    benchmark::DoNotOptimize(forecast);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_FitAndForecast)
    ->ArgName("samples")
    ->Arg(10)
    ->Arg(100)
    ->Arg(576)
    ->Arg(4'032)
    ->Unit(benchmark::kMicrosecond);

/// A fitted series asked again, for `horizons` five-minute steps.
void BM_ForecastFitted(benchmark::State& state) {
  const auto history = SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5}.Make();
  const auto fitted = FitForecaster(history, {});
  std::vector<std::chrono::minutes> horizons;
  for (int i = 1; i <= state.range(0); ++i) horizons.emplace_back(5 * i);
  for (auto _ : state) {
    auto forecast = fitted->Forecast(horizons, 0.95);
    benchmark::DoNotOptimize(forecast);
  }
}
BENCHMARK(BM_ForecastFitted)->ArgName("horizons")->Arg(3)->Arg(288)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace helios::ml
