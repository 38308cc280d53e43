// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_writer.h"

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "base/crc32c.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/journal_record.h"
#include "tsdb/internal/segment_pool.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kSeries = 500;
constexpr std::size_t kRounds = 480;
constexpr std::int64_t kTime = 1'767'441'600'000;

double CpuSeconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// kRounds scrapes of kSeries series, 15 s apart, of the kinds that a host sends: CPU time to 0.01 s, packets, bytes,
/// memory in pages, ratios, small gauges, constants, percentages.
std::vector<std::uint64_t> ScrapedValues() {
  std::mt19937_64 random(1);
  const auto uniform = [&random](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  const auto normal = [&random](double mean, double sigma) {
    return std::normal_distribution<double>(mean, sigma)(random);
  };
  const auto rounded = [](double value, double steps) { return std::round(value * steps) / steps; };
  std::vector<std::uint64_t> bits(kSeries * kRounds);
  for (std::size_t series = 0; series < kSeries; ++series) {
    const std::size_t kind = series % 8;
    const double rate = uniform(0, 1);
    double level = uniform(0, 1);
    for (std::size_t round = 0; round < kRounds; ++round) {
      const double step = std::max(0.0, normal(rate, rate * 0.2));
      double value = 1;
      switch (kind) {
        case 0: value = rounded(1e3 + (level += step * 15e-6) * 1e6, 100); break;
        case 1: value = std::round(1e4 + (level += step * 3e-5) * 1e8); break;
        case 2: value = std::round(1e9 + (level += step * 3e-5) * 1e12); break;
        case 3: value = 4096 * std::round((level = std::max(0.0, level + normal(0, 2e-5))) * 2.5e6); break;
        case 4: value = rounded(level = std::clamp(level + normal(0, 0.01), 0.0, 1.0), 1e4); break;
        case 5: value = std::round(200 * (level += uniform(0, 1) < 0.1 ? 0.01 : 0)); break;
        case 6: break;
        default: value = rounded(100 * (level = std::clamp(level + normal(0, 0.02), 0.0, 1.0)), 100);
      }
      bits[round * kSeries + series] = std::bit_cast<std::uint64_t>(value);
    }
  }
  return bits;
}

/// Where the requests of a benchmark leave each series' order.
std::vector<std::uint64_t> SeriesIds(bool shuffled) {
  std::vector<std::uint64_t> ids(kSeries);
  std::mt19937_64 random(2);
  for (std::size_t i = 0; i < kSeries; ++i) ids[i] = shuffled ? random() % 100'000 : 70'000 + i;
  return ids;
}

// One request of 500 samples into a group's payload, and its checksum, as the append path does it.
void BM_EncodeSamples(benchmark::State& state) {
  const auto values = ScrapedValues();
  const auto ids = SeriesIds(state.range(0) != 0);
  SamplesEncoder encoder;
  std::string payload;
  std::size_t round = 1;
  std::size_t bytes = 0;
  std::size_t samples = 0;
  std::uint32_t crc = 0;
  for (auto _ : state) {
    const std::uint64_t* const now = &values[round * kSeries];
    const std::uint64_t* const before = now - kSeries;
    encoder.Start(3);
    for (std::size_t i = 0; i < kSeries; ++i) {
      encoder.Add(ids[i], kTime + static_cast<std::int64_t>(round) * 15'000, now[i], before[i]);
    }
    payload.clear();
    AppendSamples(payload, RecordKind::kSamples, encoder);
    crc = Crc32c(payload, crc);
    bytes += payload.size();
    samples += kSeries;
    if (++round == kRounds) round = 1;
  }
  benchmark::DoNotOptimize(crc);
  state.SetItemsProcessed(static_cast<std::int64_t>(samples));
  state.counters["bytes_per_sample"] = static_cast<double>(bytes) / static_cast<double>(samples);
}
BENCHMARK(BM_EncodeSamples)->ArgName("shuffled")->Arg(0)->Arg(1);

void BM_DecodeSamples(benchmark::State& state) {
  const auto values = ScrapedValues();
  const auto ids = SeriesIds(false);
  SamplesEncoder encoder;
  std::string body;
  encoder.Start(3);
  for (std::size_t i = 0; i < kSeries; ++i) encoder.Add(ids[i], kTime, values[kSeries + i], values[i]);
  encoder.Finish(body);
  std::uint64_t sum = 0;
  for (auto _ : state) {
    auto samples = SamplesDecoder::Open(body).value();
    while (samples.Next()) {
      sum += samples.Bits(values[samples.series() - ids[0]]) + static_cast<std::uint64_t>(samples.time_ms());
    }
  }
  benchmark::DoNotOptimize(sum);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kSeries));
}
BENCHMARK(BM_DecodeSamples);

void BM_Crc32c(benchmark::State& state) {
  const std::string bytes(static_cast<std::size_t>(state.range(0)), 'x');
  std::uint32_t crc = 0;
  for (auto _ : state) benchmark::DoNotOptimize(crc = Crc32c(bytes, crc));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Crc32c)->Arg(64)->Arg(600)->Arg(2400)->Arg(65'536);

constexpr AeadKey kKey = {1, 2, 3};

void BM_AeadSeal(benchmark::State& state) {
  SystemRandom random;
  const Aes256GcmAead aead(kKey, random);
  const std::string plain(static_cast<std::size_t>(state.range(0)), 'x');
  std::string sealed(plain.size() + aead.overhead(), '\0');
  for (auto _ : state) benchmark::DoNotOptimize(aead.SealInto("a key of some 20 bytes", plain, sealed));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_AeadSeal)->Arg(600)->Arg(7'168)->Arg(16'384);

void BM_AeadOpen(benchmark::State& state) {
  SystemRandom random;
  const Aes256GcmAead aead(kKey, random);
  std::string sealed;
  std::string plain(static_cast<std::size_t>(state.range(0)), 'x');
  if (!aead.Seal("a key of some 20 bytes", plain, sealed)) std::abort();
  for (auto _ : state) benchmark::DoNotOptimize(aead.OpenInto("a key of some 20 bytes", sealed, plain));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_AeadOpen)->Arg(600)->Arg(7'168)->Arg(16'384);

// One durable group of so many KiB on disk, in the current directory; the CPU is the process's.
void BM_WriteGroup(benchmark::State& state) {
  const auto bytes = static_cast<std::size_t>(state.range(0)) * 1024;
  const bool sealed = state.range(1) != 0;
  const std::filesystem::path directory = std::filesystem::current_path() / "segment_writer_bench.tmp";
  std::filesystem::create_directory(directory);
  PosixJournalFileSystem fs;
  SystemRandom random;
  const Aes256GcmAead aead(kKey, random);
  const Aead* const seals = sealed ? &aead : nullptr;
  const auto pool =
      SegmentPool::Open(fs, {.directory = directory, .segment_bytes = 64U << 20U, .min_free_bytes = 0}, random, seals)
          .value();
  auto writer = std::make_unique<SegmentWriter>(pool->Next().value(), seals);
  const std::string payload(bytes - kGroupHeaderBytes - (sealed ? aead.overhead() : 0), 'x');
  double cpu = 0;
  double cpu_start = CpuSeconds();
  for (auto _ : state) {
    if (!writer->HasRoom(payload.size())) {
      state.PauseTiming();
      cpu += CpuSeconds() - cpu_start;
      const std::uint64_t done = writer->number();
      writer = nullptr;
      if (!pool->Release(done) || !pool->Prepare()) std::abort();
      writer = std::make_unique<SegmentWriter>(pool->Next().value(), seals);
      cpu_start = CpuSeconds();
      state.ResumeTiming();
    }
    if (!writer->WriteGroup(payload)) std::abort();
  }
  cpu += CpuSeconds() - cpu_start;
  state.counters["cpu_us"] = cpu * 1e6 / static_cast<double>(state.iterations());
  writer = nullptr;
  std::filesystem::remove_all(directory);
}
BENCHMARK(BM_WriteGroup)
    ->ArgNames({"kib", "sealed"})
    ->ArgsProduct({{4, 16, 64}, {0, 1}})
    ->Unit(benchmark::kMicrosecond)
    ->UseRealTime();

}  // namespace
}  // namespace helios::tsdb
