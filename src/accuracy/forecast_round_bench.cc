// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a round costs beside the forecasts themselves: meeting values, the seasonal naive, the ledger and the series.
#include "accuracy/forecast_round.h"

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cmath>
#include <fstream>
#include <future>
#include <string>

#include "accuracy/forecast_series.h"
#include "accuracy/ledger_file.h"
#include "base/manual_clock.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::accuracy {
namespace {

using namespace std::chrono_literals;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
constexpr TimestampMs kStart = FromUnixMs(1'767'398'400'000);
constexpr int kHistory = 300;  // five-minute samples: a day and an hour

/// A forecaster that costs nothing.
class FreeSource final : public ForecastSource {
 public:
  Result<ml::SeriesForecast> Forecast(TenantId, const tsdb::SeriesInfo& series,
                                      std::span<const std::chrono::minutes> horizons, TimestampMs) override {
    ml::SeriesForecast forecast;
    forecast.origin = series.last_seen;
    forecast.step = 5min;
    forecast.season_length = 288;
    for (const auto horizon : horizons) {
      const double value = 100 + std::sin(static_cast<double>(ToUnixMs(series.last_seen + horizon)) / 1e7);
      forecast.points.push_back({.time = series.last_seen + horizon,
                                 .horizon = horizon,
                                 .value = value,
                                 .lower = value - 1,
                                 .upper = value + 1});
    }
    return forecast;
  }
};

double ResidentMib() {
  ::malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  double pages = 0;
  file >> pages >> pages;
  return pages * 4096 / (1 << 20);
}

struct Setting {
  explicit Setting(int series) {
    for (int i = 0; i < series; ++i) keys.push_back({"cpu", {{"host", "web-" + std::to_string(i)}}});
    for (int i = 0; i < kHistory; ++i) Live();
  }
  void Live() {
    clock.Advance(5min);
    tsdb::KeyedBatch batch;
    for (const tsdb::SeriesKey& key : keys) {
      batch.AddSample(batch.AddSeries(key), clock.Now(), 100 + static_cast<double>(++noise % 17) / 8);
    }
    std::promise<void> done;
    store->Append(kAcme, {.max_active_series = 1'000'000}, batch.batch(), [&done](const auto&) { done.set_value(); });
    done.get_future().wait();
  }

  std::vector<tsdb::SeriesKey> keys;
  std::uint64_t noise = 0;
  ManualClock clock{kStart};
  obs::Metrics metrics;
  AccuracyMetrics own{metrics};
  tsdb::ScratchDirectory directory;
  std::unique_ptr<tsdb::EmbeddedStore> store =
      tsdb::OpenEmbeddedStore({.directory = directory.path() / "store"}, clock, metrics).value();
  FreeSource source;
  Ledger ledger;
};

void BM_Round(benchmark::State& state) {
  Setting setting(static_cast<int>(state.range(0)));
  const auto bounds = static_cast<ForecastBounds>(state.range(1));
  ForecastRound round(*setting.store, setting.clock, setting.source, setting.ledger, setting.own);
  ForecastSeries series(*setting.store, setting.own, bounds);
  const auto run = [&] {
    round.Run([] { return true; }, [&](TenantId tenant, const tsdb::SeriesInfo& info,
                                       const ml::SeriesForecast& forecast) { series.Add(tenant, info.key, forecast); });
    series.Flush();
  };
  const double before = ResidentMib();
  for (int i = 0; i < 13; ++i) {  // until every horizon has forecasts to meet
    run();
    setting.Live();
  }
  const auto count = static_cast<double>(state.range(0));
  state.counters["grown_bytes_per_series"] = (ResidentMib() - before) * (1 << 20) / count;
  for (auto _ : state) {
    run();
    state.PauseTiming();
    setting.Live();
    state.ResumeTiming();
  }
  const auto path = setting.directory.path() / "ledger";
  if (!SaveLedger(path, setting.store->id(), setting.ledger)) state.SkipWithError("cannot save");
  state.counters["file_bytes_per_series"] = static_cast<double>(std::filesystem::file_size(path)) / count;
  state.counters["us_per_series"] = benchmark::Counter(count * static_cast<double>(state.iterations()) / 1e6,
                                                       benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_Round)
    ->ArgNames({"series", "bounds"})
    ->Args({10'000, 0})
    ->Args({10'000, 1})
    ->Args({10'000, 2})
    ->Iterations(5)
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace helios::accuracy
