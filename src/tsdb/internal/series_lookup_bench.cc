// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <benchmark/benchmark.h>

#include <algorithm>
#include <ctime>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "tsdb/internal/name_print.h"
#include "tsdb/internal/name_table.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kRequestSeries = 500;

/// Names of 500 series, `size` to `size` + 31 bytes each, as they follow one another in a request's body.
struct Body {
  std::string bytes;
  std::vector<std::string_view> names;

  explicit Body(std::size_t size) {
    std::mt19937_64 engine(1);
    std::vector<std::size_t> sizes(kRequestSeries);
    for (std::size_t& one : sizes) one = size + (size >= 200 ? engine() % 32 : 0);
    bytes.resize(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}));
    for (char& c : bytes) c = static_cast<char>('a' + engine() % 26);
    std::size_t at = 0;
    for (const std::size_t one : sizes) {
      names.push_back(std::string_view(bytes).substr(at, one));
      at += one;
    }
  }
};

void SetTimePerName(benchmark::State& state) {
  state.counters["per_name"] =
      benchmark::Counter(static_cast<double>(state.iterations()) * static_cast<double>(kRequestSeries),
                         benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

/// CPU time of this thread: what others on the machine take does not count.
double CpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// The print of a name. 260 stands for 260 to 291 bytes, 275.5 on average.
void BM_Print(benchmark::State& state) {
  SystemRandom random;
  const NamePrinter printer(random, static_cast<NamePrinter::Arithmetic>(state.range(1)));
  const Body body(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    for (const std::string_view name : body.names) benchmark::DoNotOptimize(printer.Print(1, 0, name));
  }
  SetTimePerName(state);
}
BENCHMARK(BM_Print)->ArgNames({"bytes", "carryless"})->ArgsProduct({{16, 64, 260, 1024}, {0, 1}});

// Look-ups of 500 names a request: in the order of insertion, or in one order drawn anew for every round.
void BM_Find(benchmark::State& state) {
  const auto entries = static_cast<std::size_t>(state.range(0));
  const bool shuffled = state.range(1) != 0;
  const bool prefetched = state.range(2) != 0;
  std::mt19937_64 engine(2);
  std::vector<NamePrint> prints(entries);
  NameTable table;
  for (std::uint32_t slot = 0; slot < entries; ++slot) {
    prints[slot] = {engine(), engine()};
    table.Insert(prints[slot], slot);
  }
  if (shuffled) std::ranges::shuffle(prints, engine);
  std::size_t at = 0;
  std::uint64_t sum = 0;
  for (auto _ : state) {
    const std::span request = std::span(prints).subspan(at, kRequestSeries);
    if (prefetched) {
      for (const NamePrint& print : request) table.Prefetch(print);
    }
    for (const NamePrint& print : request) sum += table.Find(print);
    at = at + 2 * kRequestSeries <= entries ? at + kRequestSeries : 0;
  }
  benchmark::DoNotOptimize(sum);
  SetTimePerName(state);
  state.counters["bytes_per_entry"] = static_cast<double>(table.bytes()) / static_cast<double>(entries);
}
BENCHMARK(BM_Find)
    ->ArgNames({"entries", "shuffled", "prefetch"})
    ->ArgsProduct({{10'000, 100'000, 1'000'000}, {0, 1}, {0, 1}});

// Building a table, and the longest that one insertion took.
void BM_Insert(benchmark::State& state) {
  const auto entries = static_cast<std::uint32_t>(state.range(0));
  std::mt19937_64 engine(3);
  std::vector<NamePrint> prints(entries);
  for (NamePrint& print : prints) print = {engine(), engine()};
  double longest = 0;
  for (auto _ : state) {
    NameTable table;
    for (std::uint32_t slot = 0; slot < entries; ++slot) {
      const double start = CpuSeconds();
      table.Insert(prints[slot], slot);
      longest = std::max(longest, CpuSeconds() - start);
    }
  }
  state.counters["longest"] = longest;
}
BENCHMARK(BM_Insert)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_EraseSlots(benchmark::State& state) {
  const auto entries = static_cast<std::uint32_t>(state.range(0));
  std::mt19937_64 engine(3);
  std::vector<NamePrint> prints(entries);
  for (NamePrint& print : prints) print = {engine(), engine()};
  for (auto _ : state) {
    state.PauseTiming();
    NameTable table;
    for (std::uint32_t slot = 0; slot < entries; ++slot) table.Insert(prints[slot], slot);
    state.ResumeTiming();
    benchmark::DoNotOptimize(table.EraseSlots([](std::uint32_t slot) { return slot % 10 == 0; }));
  }
}
BENCHMARK(BM_EraseSlots)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace helios::tsdb
