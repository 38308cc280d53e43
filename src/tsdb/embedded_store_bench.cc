// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <thread>
#include <vector>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/model_series.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

constexpr std::uint32_t kBatchSeries = 500;
constexpr int kProducers = 4;
constexpr std::size_t kRounds = 240;  ///< an hour of 15 s
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TenantPolicy kPolicy{.max_active_series = 10'000'000};

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Resident memory of the process now.
double ResidentMib() {
  std::ifstream file("/proc/self/statm");
  std::size_t pages = 0;
  file >> pages >> pages;
  return static_cast<double>(pages) * 4096 / (1 << 20);
}

SeriesKey KeyOf(std::uint32_t number) {
  return {"node_cpu_seconds_total",
          {{"cpu", std::to_string(number % 64)},
           {"environment", "production"},
           {"instance", "host-" + std::to_string(number / 64) + ".eu-central-1.example.net:9100"},
           {"job", "node-exporter"},
           {"mode", "idle"},
           {"region", "eu-central-1"},
           {"team", "infrastructure-platform"},
           {"zone", "eu-central-1a"}}};
}

/// Requests of 500 series each, whose names are made once, as a sender's bytes are; and a day of values to send.
class Fleet {
 public:
  explicit Fleet(std::uint32_t series) : batches_(series / kBatchSeries) {
    for (std::uint32_t batch = 0; batch < batches_.size(); ++batch) {
      for (std::uint32_t i = 0; i < kBatchSeries; ++i) batches_[batch].AddSeries(KeyOf(batch * kBatchSeries + i));
    }
    for (std::uint64_t number = 0; number < 400; ++number) {
      models_.push_back(MakeModelSeries(number, kRounds * 8).values);
    }
  }

  [[nodiscard]] std::size_t batches() const { return batches_.size(); }

  /// One sample of each of the batch's series.
  [[nodiscard]] SampleBatch Request(std::size_t batch, std::size_t round) const {
    SampleBatch request = batches_[batch].batch();
    request.rows.reserve(kBatchSeries);
    const TimestampMs time = kNow - std::chrono::hours{100} + std::chrono::seconds{15 * round};
    for (std::uint32_t i = 0; i < kBatchSeries; ++i) {
      const std::size_t number = batch * kBatchSeries + i;
      request.rows.push_back({i, time, models_[number % models_.size()][round % (kRounds * 8)]});
    }
    return request;
  }

 private:
  std::vector<KeyedBatch> batches_;
  std::vector<std::vector<double>> models_;
};

/// Sends every batch of some rounds, as four senders that wait for each answer.
void SendRounds(EmbeddedStore& store, const Fleet& fleet, std::size_t first_round, std::size_t rounds) {
  std::vector<std::thread> producers;
  for (std::size_t producer = 0; producer < kProducers; ++producer) {
    producers.emplace_back([&, producer] {
      std::mutex mutex;
      std::condition_variable answered;
      for (std::size_t round = first_round; round < first_round + rounds; ++round) {
        for (std::size_t batch = producer; batch < fleet.batches(); batch += kProducers) {
          bool done = false;
          store.Append({}, kPolicy, fleet.Request(batch, round), [&](const Result<AppendOutcome>& outcome) {
            if (!outcome || outcome->stored != kBatchSeries) std::abort();
            const std::unique_lock lock(mutex);
            done = true;
            answered.notify_one();
          });
          std::unique_lock lock(mutex);
          answered.wait(lock, [&] { return done; });
        }
      }
    });
  }
  for (std::thread& producer : producers) producer.join();
}

// Appends of 500 known series with one sample each, from four senders that wait for each answer, with fsync and
// encryption. The CPU is the process's, from the first known series until after a clean stop, senders included.
void BM_Append(benchmark::State& state) {
  const Fleet fleet(static_cast<std::uint32_t>(state.range(0)));
  const ScratchDirectory directory;
  const ManualClock clock(kNow);
  obs::Metrics metrics;
  const double memory_before = ResidentMib();
  auto store = OpenEmbeddedStore({.directory = directory.path()}, clock, metrics).value();
  SendRounds(*store, fleet, 0, 1);
  const double cpu_before = CpuSeconds();
  std::size_t round = 1;
  const std::size_t rounds = std::max<std::size_t>(1, 4'000'000 / (fleet.batches() * kBatchSeries));
  for (auto _ : state) {
    SendRounds(*store, fleet, round, rounds);
    round += rounds;
  }
  state.counters["resident_mib"] = ResidentMib() - memory_before;
  store.reset();
  const double samples = static_cast<double>((round - 1) * fleet.batches() * kBatchSeries);
  state.SetItemsProcessed(static_cast<std::int64_t>(samples));
  state.counters["cpu_s_per_million"] = (CpuSeconds() - cpu_before) / samples * 1e6;
}
BENCHMARK(BM_Append)->ArgName("series")->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->UseRealTime()->Iterations(2)->Unit(
    benchmark::kMillisecond);

// Reads fourteen days of one series at a 15-second interval, from closed days on disk.
void BM_ReadFortnight(benchmark::State& state) {
  constexpr std::size_t kSamples = 14 * 24 * 60 * 4;
  const ScratchDirectory directory;
  const ManualClock clock(kNow);
  obs::Metrics metrics;
  auto store = OpenEmbeddedStore({.directory = directory.path()}, clock, metrics).value();
  const ModelSeries model = MakeModelSeries(3, kSamples);
  std::atomic<int> answers = 0;
  for (std::size_t begin = 0; begin < kSamples; begin += 5760) {
    KeyedBatch batch(KeyOf(3));
    for (std::size_t i = begin; i < begin + 5760; ++i) {
      batch.AddSample(0, kNow - std::chrono::hours{24 * 15} + std::chrono::seconds{15 * i}, model.values[i]);
    }
    store->Append({}, {.raw_retention = std::chrono::hours{24 * 30}}, batch.batch(),
                  [&](const Result<AppendOutcome>&) { ++answers; });
  }
  if (!store->Flush() || !store->KeepDays()) std::abort();
  const SeriesId id = store->FindSeries({}, {"node_cpu_seconds_total", {}}, 1).value().front().id;
  std::size_t read = 0;
  for (auto _ : state) {
    auto cursor = store->Read({}, id, {TimestampMs::min(), TimestampMs::max()}).value();
    for (auto run = cursor->Next().value(); !run.times.empty(); run = cursor->Next().value()) {
      benchmark::DoNotOptimize(run.values.data());
      read += run.times.size();
    }
  }
  if (read != state.iterations() * kSamples) std::abort();
  state.SetItemsProcessed(static_cast<std::int64_t>(read));
}
BENCHMARK(BM_ReadFortnight)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace helios::tsdb
