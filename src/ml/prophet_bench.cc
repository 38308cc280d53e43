// SPDX-License-Identifier: Apache-2.0
// What Prophet's model costs: a fit of two weeks of five minutes, and a forecast of a day with two quantiles.
#include <benchmark/benchmark.h>

#include "ml/prophet.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

struct Input {
  ProphetFrame frame;
  ProphetFrame future;
  std::vector<double> values;
  ProphetOptions options;
};

/// Growth and mode of the case with this number: 0 linear, 1 multiplicative seasons, 2 logistic.
Input MakeInput(std::int64_t number) {
  Input input;
  const auto samples = SyntheticSeries{.slope_per_day = 3.0, .daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5}.Make();
  for (const auto& sample : samples) {
    input.frame.times.push_back(sample.time);
    input.values.push_back(sample.value);
  }
  for (int i = 1; i <= 288; ++i) input.future.times.push_back(samples.back().time + std::chrono::minutes{5 * i});
  if (number == 1) input.options.seasonality_mode = ProphetMode::kMultiplicative;
  if (number == 2) {
    input.options.growth = ProphetGrowth::kLogistic;
    input.frame.capacity.assign(input.frame.times.size(), 400.0);
    input.future.capacity.assign(input.future.times.size(), 400.0);
  }
  return input;
}

void BM_ProphetFit(benchmark::State& state) {
  const auto input = MakeInput(state.range(0));
  for (auto _ : state) {
    auto model = ProphetModel::Fit(input.frame, input.values, input.options);
    benchmark::DoNotOptimize(model);
  }
}
BENCHMARK(BM_ProphetFit)->ArgName("case")->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);

void BM_ProphetForecast(benchmark::State& state) {
  const auto input = MakeInput(state.range(0));
  const auto model = ProphetModel::Fit(input.frame, input.values, input.options);
  const std::vector probabilities = {0.025, 0.975};
  for (auto _ : state) {
    auto forecast = model->Forecast(input.future, probabilities);
    benchmark::DoNotOptimize(forecast);
  }
}
BENCHMARK(BM_ProphetForecast)->ArgName("case")->Arg(0)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace helios::ml
