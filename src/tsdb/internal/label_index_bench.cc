// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <benchmark/benchmark.h>
#include <malloc.h>

#include <ctime>
#include <memory>
#include <string>
#include <vector>

#include "tsdb/internal/label_index.h"

namespace helios::tsdb {
namespace {

using Kind = Matcher::Kind;

// Targets of 40 series each: five metrics of eight series. Of 6 to 10 labels a third is the same everywhere, the rest
// belongs to the target, to the metric, or to a group of targets.
SeriesKey MakeKey(std::uint32_t i) {
  const std::uint32_t target = i / 40;
  const std::uint32_t metric = i / 8 % 5 + target % 40 * 5;
  SeriesKey key{"service_" + std::to_string(metric) + "_requests_total",
                {{"cluster", "production-eu-1"},
                 {"instance", "10." + std::to_string(target / 65536) + "." + std::to_string(target / 256 % 256) + "." +
                                  std::to_string(target % 256) + ":9100"},
                 {"job", "service-" + std::to_string(target % 40)},
                 {"mode", std::to_string(i % 8)},
                 {"region", "eu-central-1"},
                 {"zone", "eu-central-1" + std::string(1, static_cast<char>('a' + target % 3))}}};
  if (target % 2 == 0) {
    key.labels.push_back({"namespace", "team-" + std::to_string(target % 100)});
    key.labels.push_back(
        {"pod", "service-" + std::to_string(target % 40) + "-7d9f8b6c5-" + std::to_string(target * 2654435761U)});
  }
  if (target % 4 == 0) {
    key.labels.push_back({"container", "main"});
    key.labels.push_back({"node", "node-" + std::to_string(target / 16)});
  }
  const auto canonical = Canonicalize(key);
  if (!canonical) std::abort();
  return key;
}

double CpuSeconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

const NamePrinter& Printer() {
  static SystemRandom random;
  static const NamePrinter printer(random);
  return printer;
}

/// Built once for all benchmarks of one size.
const LabelIndex& Index(std::uint32_t series) {
  static std::unique_ptr<LabelIndex> index;
  static std::uint32_t built = 0;
  if (built != series) {
    index = std::make_unique<LabelIndex>(Printer());
    for (std::uint32_t i = 0; i < series; ++i) index->Insert(i, MakeKey(i));
    built = series;
  }
  return *index;
}

std::size_t HeapInUse() {
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

// Inserts into an empty index, with or without a label that differs for every series. The keys exist before; "heap" is
// what malloc says that the index holds.
void BM_LabelInsert(benchmark::State& state) {
  const auto series = static_cast<std::uint32_t>(state.range(0));
  std::vector<SeriesKey> keys;
  keys.reserve(series);
  for (std::uint32_t i = 0; i < series; ++i) {
    keys.push_back(MakeKey(i));
    if (state.range(1) != 0) keys.back().labels.push_back({"zz_uid", std::to_string(std::uint64_t{i} * 2654435761U)});
  }
  double longest = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const std::size_t heap_before = HeapInUse();
    auto index = std::make_unique<LabelIndex>(Printer());
    state.ResumeTiming();
    for (std::uint32_t i = 0; i < series; ++i) {
      const double start = CpuSeconds();
      index->Insert(i, keys[i]);
      longest = std::max(longest, CpuSeconds() - start);
    }
    state.PauseTiming();
    state.counters["heap_per_series"] = static_cast<double>(HeapInUse() - heap_before) / series;
    state.counters["bytes_per_series"] = static_cast<double>(index->bytes()) / series;
    index.reset();
    state.ResumeTiming();
  }
  state.counters["longest"] = longest;
  state.counters["per_series"] = benchmark::Counter(static_cast<double>(state.iterations()) * series,
                                                    benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}
BENCHMARK(BM_LabelInsert)
    ->ArgNames({"series", "unique"})
    ->ArgsProduct({{100'000, 1'000'000}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

// A tenth of the series goes, spread over all targets, and comes again.
void BM_LabelEraseAndReuse(benchmark::State& state) {
  const auto series = static_cast<std::uint32_t>(state.range(0));
  LabelIndex index(Printer());
  std::vector<std::uint32_t> slots;
  std::vector<SeriesKey> keys;
  for (std::uint32_t i = 0; i < series; ++i) {
    const SeriesKey key = MakeKey(i);
    index.Insert(i, key);
    if (i / 40 % 10 == 3) {
      slots.push_back(i);
      keys.push_back(key);
    }
  }
  double erasing = 0;
  double inserting = 0;
  for (auto _ : state) {
    const double start = CpuSeconds();
    index.Erase(slots);
    const double erased = CpuSeconds();
    for (std::size_t i = 0; i < slots.size(); ++i) index.Insert(slots[i], keys[i]);
    erasing += erased - start;
    inserting += CpuSeconds() - erased;
  }
  const double count = static_cast<double>(state.iterations()) * static_cast<double>(slots.size());
  state.counters["per_erase"] = erasing / count;
  state.counters["per_insert"] = inserting / count;
}
BENCHMARK(BM_LabelEraseAndReuse)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

struct Query {
  const char* name;
  SeriesSelector selector;
};

const std::vector<Query>& Queries() {
  static const std::vector<Query> queries = {
      {"metric", {"service_7_requests_total", {}}},
      {"metric and instance", {"service_7_requests_total", {{"instance", Kind::kEqual, "10.0.1.25:9100"}}}},
      {"instance", {"", {{"instance", Kind::kEqual, "10.0.1.25:9100"}}}},
      {"shared by all", {"", {{"region", Kind::kEqual, "eu-central-1"}}}},
      {"job and shared", {"", {{"job", Kind::kEqual, "service-3"}, {"region", Kind::kEqual, "eu-central-1"}}}},
      {"alternatives", {"", {{"job", Kind::kRegex, "service-1|service-2|service-30"}}}},
      {"prefix, 1 value in 10", {"", {{"instance", Kind::kRegex, R"(10\.0\.1.*)"}}}},
      {"prefix, with metric", {"service_7_requests_total", {{"instance", Kind::kRegex, R"(10\.0\.1.*)"}}}},
      {"regex in a range", {"", {{"pod", Kind::kRegex, "service-[12]-7d.*-[0-9]*8"}}}},
      {"regex on all values", {"", {{"instance", Kind::kRegex, R"(.*7:9100)"}}}},
      {"not equal", {"service_7_requests_total", {{"mode", Kind::kNotEqual, "3"}}}},
      {"not regex", {"service_7_requests_total", {{"instance", Kind::kNotRegex, R"(.*7:9100)"}}}},
      {"only negative", {"", {{"job", Kind::kNotEqual, "service-3"}}}},
      {"without a label", {"service_7_requests_total", {{"pod", Kind::kEqual, ""}}}},
  };
  return queries;
}

void BM_LabelFind(benchmark::State& state) {
  const LabelIndex& index = Index(static_cast<std::uint32_t>(state.range(0)));
  const Query& query = Queries()[static_cast<std::size_t>(state.range(1))];
  std::size_t found = 0;
  for (auto _ : state) {
    auto slots = index.Find(query.selector);
    found = slots->size();
    benchmark::DoNotOptimize(slots);
  }
  state.counters["found"] = static_cast<double>(found);
  state.SetLabel(query.name);
}
BENCHMARK(BM_LabelFind)
    ->ArgNames({"series", "query"})
    ->ArgsProduct({{100'000, 1'000'000}, benchmark::CreateDenseRange(0, 13, 1)})
    ->Unit(benchmark::kMicrosecond);

void BM_LabelKey(benchmark::State& state) {
  const LabelIndex& index = Index(static_cast<std::uint32_t>(state.range(0)));
  std::uint32_t slot = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(index.Key(slot));
    slot = (slot + 7919) % static_cast<std::uint32_t>(state.range(0));
  }
}
BENCHMARK(BM_LabelKey)->Arg(100'000)->Arg(1'000'000);

}  // namespace
}  // namespace helios::tsdb
