// SPDX-License-Identifier: Apache-2.0
// What one sample costs: one series alone, its state in the cache, and many in turn, as a server meets them.
#include <benchmark/benchmark.h>

#include "ml/detector.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

void BM_Score(benchmark::State& state) {
  const auto step = std::chrono::seconds{state.range(0)};
  const auto samples =
      SyntheticSeries{.samples = 20'000, .step = step, .daily_amplitude = 20.0, .noise = 5.0, .walk = 0.1}.Make();
  const Detector detector;
  for (auto _ : state) {
    DetectorState series;
    for (const auto& sample : samples) benchmark::DoNotOptimize(detector.Score(series, sample));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(samples.size()));
  state.counters["bytes_per_series"] = sizeof(DetectorState);
}
BENCHMARK(BM_Score)->ArgName("step_s")->Arg(10)->Arg(300)->Arg(3'600)->Unit(benchmark::kMillisecond);

void BM_ScoreManySeries(benchmark::State& state) {
  const auto series = static_cast<std::size_t>(state.range(0));
  const auto samples = SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0}.Make();
  const Detector detector;
  std::vector<DetectorState> states(series);
  std::size_t at = 0;
  for (auto _ : state) {
    if (at == samples.size()) {
      state.PauseTiming();
      states.assign(series, {});
      at = 0;
      state.ResumeTiming();
    }
    for (auto& one : states) benchmark::DoNotOptimize(detector.Score(one, samples[at]));
    ++at;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ScoreManySeries)->ArgName("series")->Arg(10'000)->Unit(benchmark::kMillisecond);

void BM_SaveAndRestore(benchmark::State& state) {
  const Detector detector;
  DetectorState series;
  for (const auto& sample : SyntheticSeries{.noise = 5.0}.Make()) detector.Score(series, sample);
  for (auto _ : state) {
    auto restored = DetectorState::Restore(series.Save());
    benchmark::DoNotOptimize(restored);
  }
}
BENCHMARK(BM_SaveAndRestore);

}  // namespace
}  // namespace helios::ml
