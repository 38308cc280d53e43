// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What detection costs a sample, with and without the scores written as series: an hour of 10,000 series that are
// scraped every 15 s, in groups of 1,000 samples, into a store on disk. The time is the detector's thread's.
#include <benchmark/benchmark.h>

#include <cmath>
#include <future>

#include "base/manual_clock.h"
#include "detection/stream_detector.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

constexpr int kSeries = 10'000;
constexpr int kScrapes = 240;
constexpr int kGroup = 1'000;
constexpr TimestampMs kBegin = FromUnixMs(1'767'441'600'000);

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");

std::vector<tsdb::SeriesId> MakeSeries(tsdb::EmbeddedStore& store) {
  tsdb::KeyedBatch batch;
  for (int i = 0; i < kSeries; ++i) {
    batch.AddSample(batch.AddSeries({"http_requests_total",
                                     {{"instance", fmt::format("web-{}:9100", i / 10)},
                                      {"job", "web"},
                                      {"path", fmt::format("/api/{}", i % 10)}}}),
                    kBegin, 1);
  }
  std::promise<void> stored;
  store.Append(kAcme, {}, batch.batch(), [&stored](const auto&) { stored.set_value(); });
  stored.get_future().wait();
  std::vector<tsdb::SeriesId> series;
  for (const tsdb::SeriesInfo& info : *store.FindSeries(kAcme, {}, kSeries)) series.push_back(info.id);
  return series;
}

void BM_DetectAnHour(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    {
      ManualClock clock{kBegin};
      obs::Metrics registry;
      DetectionMetrics metrics(registry);
      tsdb::ScratchDirectory directory;
      auto store = tsdb::OpenEmbeddedStore({.directory = directory.path()}, clock, registry).value();
      const auto series = MakeSeries(*store);
      ReportOutbox outbox;
      const auto ml_detector = std::make_shared<const ml::Detector>();
      StreamDetector detector(*store, clock, [&](TenantId) { return ml_detector; }, outbox, metrics,
                              {.write_scores = state.range(0) != 0});
      state.ResumeTiming();
      for (int scrape = 1; scrape <= kScrapes; ++scrape) {
        clock.Set(kBegin + scrape * 15s);
        for (int first = 0; first < kSeries; first += kGroup) {
          tsdb::FedGroup group;
          for (int i = first; i < first + kGroup; ++i) {
            const double value = 100 + 10 * std::sin(0.1 * scrape) + (i * 31 + scrape * 17) % 13;
            group.Add(kAcme, clock.Now(), {series[static_cast<std::size_t>(i)], clock.Now(), value});
          }
          detector.Take(group);
        }
        if (scrape % 4 == 0) detector.Sweep();
      }
      state.PauseTiming();
      state.counters["scores"] = metrics.written_scores.Value();
      state.counters["unwritten"] = metrics.unwritten_scores.Value();
    }
    state.ResumeTiming();
  }
  state.SetItemsProcessed(state.iterations() * kSeries * kScrapes);
}
BENCHMARK(BM_DetectAnHour)->ArgName("scores")->Arg(0)->Arg(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace helios::detection
