// SPDX-License-Identifier: Apache-2.0
// What a recommendation costs: forecasts, all candidate policies and the HPA replayed over a fortnight's history; and
// one such replay.
#include <benchmark/benchmark.h>

#include "ml/scaling_recommendation.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using std::chrono::minutes;

constexpr ScalingTarget kTarget{.per_replica_capacity = 10.0, .max_replicas = 1'000};

std::vector<Sample> Days(long days, minutes step) {
  return SyntheticSeries{.samples = static_cast<std::size_t>(std::chrono::days{days} / step),
                         .step = step,
                         .level = 200.0,
                         .daily_amplitude = 100.0,
                         .noise = 10.0,
                         .walk = 0.5}
      .Make();
}

/// range(0): minutes a step.
void BM_Recommend(benchmark::State& state) {
  const auto history = Days(14, minutes{state.range(0)});
  for (auto _ : state) {
    auto answer = Recommend(history, {.target = kTarget, .current_replicas = 20});
    benchmark::DoNotOptimize(answer);
  }
}
BENCHMARK(BM_Recommend)->ArgName("step_minutes")->Arg(1)->Arg(5)->Unit(benchmark::kMillisecond);

/// What a target costs each minute: the present advice of a policy that looks ahead.
void BM_Advise(benchmark::State& state) {
  const auto history = Days(28, minutes{5});
  const PolicySettings settings{.source = LoadSource::kForecast, .margin = 2.0};
  for (auto _ : state) {
    auto advice = Advise(history, {.target = kTarget}, settings);
    benchmark::DoNotOptimize(advice);
  }
}
BENCHMARK(BM_Advise)->Unit(benchmark::kMillisecond);

void BM_ReplayHpaFortnight(benchmark::State& state) {
  const auto history = ToLoadHistory(Days(14, minutes{1}));
  const auto trace = history->trace();
  for (auto _ : state) benchmark::DoNotOptimize(ReplayHpa(trace, kTarget, {0, Ticks(trace)}, 0.7));
  state.counters["ns_per_tick"] =
      benchmark::Counter(static_cast<double>(Ticks(trace)) * 1e-9,
                         benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_ReplayHpaFortnight)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace helios::ml
