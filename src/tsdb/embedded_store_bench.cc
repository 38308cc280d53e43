// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

constexpr std::uint32_t kBatchSeries = 500;
constexpr int kProducers = 4;
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

KeyedBatch MakeBatch(std::uint32_t first_series, TimestampMs time) {
  KeyedBatch batch;
  for (std::uint32_t i = 0; i < kBatchSeries; ++i) {
    batch.AddSeries({"node_cpu_seconds_total",
                     {{"cpu", std::to_string((first_series + i) % 64)},
                      {"instance", "host-" + std::to_string((first_series + i) / 64)},
                      {"job", "node"},
                      {"mode", "idle"},
                      {"region", "eu-central-1"},
                      {"zone", "eu-central-1a"}}});
    batch.AddSample(i, time, static_cast<double>(first_series + i) * 0.25);
  }
  return batch;
}

// Appends as four senders do that wait for each answer, with fsync: 500 series, one sample each, a request.
// The CPU is the process's, including the making of the batches, up to after a clean stop.
void BM_AppendBatches(benchmark::State& state) {
  const auto series = static_cast<std::uint32_t>(state.range(0));
  constexpr int kRequests = 500;  // of each producer in one iteration
  const ScratchDirectory directory;
  const ManualClock clock(kNow);
  obs::Metrics metrics;
  const double cpu_before = CpuSeconds();
  auto store = OpenEmbeddedStore({.directory = directory.path()}, clock, metrics).value();
  std::int64_t samples = 0;
  int round = 0;
  for (auto _ : state) {
    std::vector<std::thread> producers;
    for (int producer = 0; producer < kProducers; ++producer) {
      producers.emplace_back([&, producer] {
        const std::uint32_t batches = series / kBatchSeries / kProducers;
        for (int i = 0; i < kRequests; ++i) {
          const std::uint32_t slot =
              static_cast<std::uint32_t>(producer) * batches + static_cast<std::uint32_t>(i) % batches;
          const auto time = kNow - std::chrono::hours{100} + std::chrono::milliseconds(round * kRequests + i);
          std::mutex mutex;
          std::condition_variable answered;
          bool done = false;
          store->Append({}, {.max_active_series = 1'000'000}, MakeBatch(slot * kBatchSeries, time),
                        [&](const Result<AppendOutcome>& outcome) {
                          if (!outcome || outcome->stored != kBatchSeries) std::abort();
                          const std::unique_lock lock(mutex);
                          done = true;
                          answered.notify_one();
                        });
          std::unique_lock lock(mutex);
          answered.wait(lock, [&] { return done; });
        }
      });
    }
    for (std::thread& producer : producers) producer.join();
    samples += std::int64_t{kProducers} * kRequests * kBatchSeries;
    ++round;
  }
  store.reset();
  state.SetItemsProcessed(samples);
  state.counters["cpu_s_per_million"] = (CpuSeconds() - cpu_before) / static_cast<double>(samples) * 1e6;
}
BENCHMARK(BM_AppendBatches)->ArgName("series")->Arg(10'000)->Arg(100'000)->UseRealTime()->Unit(benchmark::kMillisecond);

// Reads a day of one series at a 15-second interval.
void BM_ReadDay(benchmark::State& state) {
  constexpr int kSamples = 24 * 60 * 4;
  const ScratchDirectory directory;
  const ManualClock clock(kNow);
  obs::Metrics metrics;
  auto store = OpenEmbeddedStore({.directory = directory.path()}, clock, metrics).value();
  KeyedBatch batch(SeriesKey{"cpu", {}});
  for (int i = 0; i < kSamples; ++i) {
    batch.AddSample(0, kNow - std::chrono::hours{24} + std::chrono::seconds(15 * i), static_cast<double>(i));
  }
  store->Append({}, {}, batch.batch(), [](const Result<AppendOutcome>&) {});
  store.reset();
  store = OpenEmbeddedStore({.directory = directory.path()}, clock, metrics).value();
  const SeriesId id = store->FindSeries({}, {"cpu", {}}, 1).value().front().id;
  for (auto _ : state) {
    auto cursor = store->Read({}, id, {TimestampMs::min(), TimestampMs::max()}).value();
    for (auto run = cursor->Next().value(); !run.times.empty(); run = cursor->Next().value()) {
      benchmark::DoNotOptimize(run.values.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * kSamples);
}
BENCHMARK(BM_ReadDay);

}  // namespace
}  // namespace helios::tsdb
