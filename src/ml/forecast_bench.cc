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

/// What an artifact keeps of a series of 14 days, and the way back with its history.
void BM_Save(benchmark::State& state) {
  const auto history = SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5}.Make();
  const auto fitted = FitForecaster(history, {});
  for (auto _ : state) {
    auto saved = fitted->Save();
    benchmark::DoNotOptimize(saved);
  }
  state.counters["bytes"] = static_cast<double>(fitted->Save().size());
}
BENCHMARK(BM_Save)->Unit(benchmark::kMicrosecond);

/// With `newer` samples after the fit.
void BM_Restore(benchmark::State& state) {
  const auto newer = static_cast<std::size_t>(state.range(0));
  const auto history = SyntheticSeries{.samples = 4'032 + newer, .daily_amplitude = 20.0, .noise = 5.0}.Make();
  const auto saved = FitForecaster(std::span(history).first(4'032), {})->Save();
  for (auto _ : state) {
    auto restored = FittedForecaster::Restore(saved, history);
    benchmark::DoNotOptimize(restored);
  }
}
BENCHMARK(BM_Restore)->ArgName("newer")->Arg(0)->Arg(144)->Unit(benchmark::kMicrosecond);

/// One five-minute sample taken in, with the copy that it costs while others may hold the same model.
void BM_Append(benchmark::State& state) {
  const auto history = SyntheticSeries{.samples = 4'033, .daily_amplitude = 20.0, .noise = 5.0}.Make();
  const auto fitted = FitForecaster(std::span(history).first(4'032), {});
  for (auto _ : state) {
    auto moved_on = *fitted;
    benchmark::DoNotOptimize(moved_on.Append(std::span(history).last(1)));
  }
}
BENCHMARK(BM_Append)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace helios::ml
