// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a night's training costs: every series of a metric, 14 days of five minutes each, from the rollups of a real
// store into one artifact in an object store. The registry's part is three statements a metric, and not in it.
#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <cmath>
#include <fstream>
#include <future>
#include <numbers>
#include <string>

#include "base/manual_clock.h"
#include "objects/directory_store.h"
#include "training/train_series.h"
#include "tsdb/embedded_store.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::training {
namespace {

const TenantId kTenant = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr int kSamples = 14 * 288;
constexpr std::size_t kChunk = 64;  ///< as TrainMetric's
constexpr unsigned kThreads = 2;

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void ForgetPeak() {
  std::ofstream("/proc/self/clear_refs") << "5";
}

/// Peak of the resident memory since ForgetPeak().
double PeakMib() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024;
  }
  return 0;
}

class NothingExcluded final : public ExcludedSpans {
 public:
  [[nodiscard]] Result<SpansBySeries> Find(TenantId, const std::string&, tsdb::TimeRange) const override {
    return SpansBySeries{};
  }
  [[nodiscard]] std::string NameOf(const tsdb::SeriesKey& series) const override { return tsdb::ToString(series); }
};

/// A store of `count` series: each a daily habit of its own, with a trend, noise and, of one in four, a weekly dip.
class Fleet {
 public:
  explicit Fleet(int count) {
    for (int i = 0; i < count; ++i) Append(i);
  }

  [[nodiscard]] const tsdb::EmbeddedStore& samples() const { return *samples_; }
  [[nodiscard]] objects::ObjectStore& objects() { return *objects_; }

 private:
  void Append(int number) {
    tsdb::KeyedBatch batch({"requests", {{"host", fmt::format("host-{}", number)}, {"region", "eu-central-1"}}});
    std::uint64_t state = static_cast<std::uint64_t>(number) + 1;
    for (int i = kSamples - 1; i >= 0; --i) {
      const TimestampMs time = kNow - i * std::chrono::minutes{5};
      const double days = static_cast<double>(ToUnixMs(time)) / 86'400'000;
      state = state * 6'364'136'223'846'793'005ULL + 1'442'695'040'888'963'407ULL;
      const double noise = static_cast<double>(state >> 40U) * 0x1p-24 - 0.5;
      double value = 100 + number % 50 + 0.5 * days / 1000 +
                     (20 + number % 30) * std::sin(2 * std::numbers::pi * (days + 0.01 * (number % 100))) + 8 * noise;
      if (number % 4 == 0 && static_cast<int>(days) % 7 >= 5) value *= 0.6;
      batch.AddSample(0, time, value);
    }
    std::promise<Result<tsdb::AppendOutcome>> done;
    samples_->Append(kTenant, {.max_active_series = 10'000'000, .raw_retention = std::chrono::hours{24 * 30}},
                     batch.batch(),
                     [&done](Result<tsdb::AppendOutcome> outcome) { done.set_value(std::move(outcome)); });
    const auto outcome = done.get_future().get();
    if (!outcome || !outcome->rejected.empty()) std::abort();
  }

  ManualClock clock_{kNow};
  SystemRandom random_;
  obs::Metrics metrics_;
  tsdb::ScratchDirectory directory_{"/var/tmp"};
  std::unique_ptr<tsdb::EmbeddedStore> samples_ =
      tsdb::OpenEmbeddedStore({.directory = directory_.path() / "store"}, clock_, metrics_).value();
  std::unique_ptr<objects::ObjectStore> objects_ =
      objects::OpenDirectoryStore(directory_.path() / "objects", crypto::SealKey{}, random_).value();
};

/// All series of the fleet into one artifact; its bytes.
std::size_t Train(Fleet& fleet, const SeriesTraining& training) {
  const auto found = fleet.samples().FindSeries(kTenant, {.metric = "requests", .matchers = {}}, 1'000'000).value();
  std::string artifact;
  auto writer = ml::BundleWriter::Start({.created = kNow, .metric = "requests", .config = training.Config()},
                                        [&artifact](std::string_view bytes) -> Result<void> {
                                          artifact += bytes;
                                          return {};
                                        })
                    .value();
  for (std::size_t done = 0; done < found.size(); done += kChunk) {
    const auto chunk = std::span(found).subspan(done, std::min(kChunk, found.size() - done));
    const auto parts = TrainSeries(training, chunk, kThreads, {}).value();
    for (std::size_t i = 0; i < chunk.size(); ++i) {
      if (!parts[i] || !writer.Add(PartKey(chunk[i].key), parts[i]->part)) std::abort();
    }
  }
  if (!writer.Finish()) std::abort();
  if (!fleet.objects().Put(kTenant, ArtifactKey("requests", 1).value(), artifact)) std::abort();
  return artifact.size();
}

void Measure(benchmark::State& state, const std::optional<CustomModelDefinition>& custom) {
  const auto series = static_cast<int>(state.range(0));
  Fleet fleet(series);
  const NothingExcluded nothing;
  const SeriesTraining training{
      .tenant = kTenant, .samples = fleet.samples(), .names = nothing, .custom = custom, .now = kNow};
  std::size_t bytes = 0;
  double cpu = 0;
  double peak = 0;
  for (auto _ : state) {
    ForgetPeak();
    const double before = CpuSeconds();
    bytes = Train(fleet, training);
    cpu += CpuSeconds() - before;
    peak = std::max(peak, PeakMib());
  }
  const double trained = static_cast<double>(state.iterations()) * series;
  state.counters["series/core_s"] = trained / cpu;
  state.counters["cpu_ms/series"] = 1000 * cpu / trained;
  state.counters["artifact_B/series"] = static_cast<double>(bytes) / series;
  state.counters["peak_MiB"] = peak;  // of the whole process: the store of the samples too
}

void BM_TrainSeries(benchmark::State& state) {
  Measure(state, std::nullopt);
}
BENCHMARK(BM_TrainSeries)
    ->ArgName("series")
    ->Arg(1'000)
    ->Arg(2'500)
    ->Arg(10'000)
    ->Iterations(1)
    ->UseRealTime()
    ->Unit(benchmark::kSecond);

/// Of a custom model: nine fits of each of these.
void BM_TrainCustomSeries(benchmark::State& state) {
  CustomModelDefinition custom;
  custom.models = {"theta", "mstl", "prophet"};
  Measure(state, custom);
}
BENCHMARK(BM_TrainCustomSeries)->ArgName("series")->Arg(100)->Iterations(1)->UseRealTime()->Unit(benchmark::kSecond);

}  // namespace
}  // namespace helios::training
