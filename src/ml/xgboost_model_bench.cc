// SPDX-License-Identifier: Apache-2.0
// What XGBoost costs: one fit for some series of two weeks of five minutes, and a day's forecast of one of them.
#include <benchmark/benchmark.h>

#include "ml/synthetic_series.h"
#include "ml/xgboost_model.h"

namespace helios::ml {
namespace {

std::vector<std::vector<double>> TwoWeeks(std::size_t series) {
  std::vector<std::vector<double>> all(series);
  for (std::size_t s = 0; s < series; ++s) {
    for (const auto& sample :
         SyntheticSeries{.daily_amplitude = 20.0, .noise = 5.0, .walk = 0.5, .seed = s + 1}.Make()) {
      all[s].push_back(sample.value);
    }
  }
  return all;
}

MetricHistory HistoryOf(const std::vector<std::vector<double>>& all) {
  return {.first = {}, .step = std::chrono::minutes{5}, .series = {all.begin(), all.end()}};
}

void BM_XgboostFit(benchmark::State& state) {
  const auto all = TwoWeeks(static_cast<std::size_t>(state.range(0)));
  const auto history = HistoryOf(all);
  for (auto _ : state) {
    auto model = XgboostModel::Fit(history, {});
    benchmark::DoNotOptimize(model);
  }
}
BENCHMARK(BM_XgboostFit)->ArgName("series")->Arg(1)->Arg(20)->Unit(benchmark::kMillisecond);

void BM_XgboostForecast(benchmark::State& state) {
  const auto all = TwoWeeks(1);
  const auto model = XgboostModel::Fit(HistoryOf(all), {});
  const std::vector probabilities = {0.025, 0.975};
  for (auto _ : state) {
    auto forecast = model->Forecast(0, 288, probabilities);
    benchmark::DoNotOptimize(forecast);
  }
}
BENCHMARK(BM_XgboostForecast)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace helios::ml
