// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// What a sample costs in bytes and nanoseconds as a page of 64, as a block of a day, and in rollups: for the model's
// series (testing/model_series.h), and for real ones where HELIOS_SERIES_DIR names a folder of CSV files whose lines
// are "time,value" (unix seconds or RFC 3339) under a header of the same words.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/time.h"
#include "tsdb/internal/rollup_block.h"
#include "tsdb/internal/sample_block.h"
#include "tsdb/internal/sample_page.h"
#include "tsdb/testing/model_series.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kDay = 5760;

struct Series {
  std::vector<std::int64_t> times_ms;
  std::vector<double> values;
};

struct DataSet {
  explicit DataSet(std::string_view called) : name(called) {}

  std::string name;
  std::vector<Series> series;
  std::size_t samples = 0;
  double entropy_bytes = 0;  // of a sample; 0 where nobody knows

  void Add(Series one) {
    samples += one.values.size();
    series.push_back(std::move(one));
  }
};

DataSet ModelSet(std::size_t count, double jitter_ms) {
  DataSet set(jitter_ms > 0 ? "model, jitter" : "model");
  double bits = 0;
  for (std::size_t number = 0; number < count; ++number) {
    ModelSeries one = MakeModelSeries(number, kDay);
    bits += one.entropy_bits;
    if (jitter_ms > 0) one.times_ms = Jittered(std::move(one.times_ms), jitter_ms, number);
    set.Add({std::move(one.times_ms), std::move(one.values)});
  }
  set.entropy_bytes = bits / 8 / static_cast<double>(set.samples);
  return set;
}

DataSet KindSet(ModelKind kind) {
  DataSet set(ModelKindName(kind));
  double bits = 0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ModelSeries one = MakeModelSeries(kind, seed, kDay);
    bits += one.entropy_bits;
    set.Add({std::move(one.times_ms), std::move(one.values)});
  }
  set.entropy_bytes = bits / 8 / static_cast<double>(set.samples);
  return set;
}

// Float sums, counters of nanoseconds, single precision, stale markers: what decimals do not take.
DataSet HardSet() {
  DataSet set("hard");
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const ModelSeries model = MakeModelSeries(ModelKind::kCpuSeconds, seed, kDay);
    Series one{model.times_ms, model.values};
    double sum = 0;
    for (std::size_t i = 0; i < kDay; ++i) {
      const double x = model.values[i];
      switch (seed % 4) {
        case 0: one.values[i] = sum += std::fmod(x, 7) / 3; break;
        case 1: one.values[i] = x * 1e9 + std::fmod(x * 7919, 1e6); break;
        case 2: one.values[i] = static_cast<float>(std::fmod(x, 13) / 13); break;
        default: one.values[i] = std::fmod(x, 17) / std::fmod(x * 3, 19); break;
      }
    }
    set.Add(std::move(one));
  }
  return set;
}

bool ParseLine(const std::string& line, Series& series) {
  const auto comma = line.find(',');
  if (comma == std::string::npos) return false;
  double value = 0;
  if (std::from_chars(line.data() + comma + 1, line.data() + line.size(), value).ec != std::errc()) return false;
  double seconds = 0;
  std::int64_t time_ms = 0;
  if (const auto read = std::from_chars(line.data(), line.data() + comma, seconds); read.ptr == line.data() + comma) {
    time_ms = static_cast<std::int64_t>(seconds * 1000);
  } else if (const auto time = ParseRfc3339(line.substr(0, comma))) {
    time_ms = ToUnixMs(*time);
  } else {
    return false;
  }
  if (!series.times_ms.empty() && time_ms <= series.times_ms.back()) return true;
  series.times_ms.push_back(time_ms);
  series.values.push_back(value);
  return true;
}

DataSet RealSet(const std::filesystem::path& directory) {
  DataSet set("real");
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    if (entry.path().extension() == ".csv") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  for (const auto& path : paths) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    Series whole;
    while (std::getline(file, line) && ParseLine(line, whole)) {
    }
    for (std::size_t begin = 0; begin < whole.values.size(); begin += kDay) {
      const std::size_t end = std::min(begin + kDay, whole.values.size());
      const auto part = [&](const auto& all) {
        return std::decay_t<decltype(all)>(all.begin() + static_cast<std::ptrdiff_t>(begin),
                                           all.begin() + static_cast<std::ptrdiff_t>(end));
      };
      set.Add({part(whole.times_ms), part(whole.values)});
    }
  }
  return set;
}

void Report(benchmark::State& state, const DataSet& set, std::size_t bytes) {
  const auto samples = static_cast<double>(set.samples);
  state.counters["B/sample"] = static_cast<double>(bytes) / samples;
  if (set.entropy_bytes > 0) state.counters["entropy"] = set.entropy_bytes;
  state.counters["ns/sample"] =
      benchmark::Counter(samples * 1e-9, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

std::string EncodePages(const Series& series) {
  std::string pages;
  PageHint hint;
  for (std::size_t begin = 0; begin < series.values.size(); begin += kPageSamples) {
    const std::size_t size = std::min(kPageSamples, series.values.size() - begin);
    EncodePage(std::span(series.times_ms).subspan(begin, size), std::span(series.values).subspan(begin, size), hint,
               pages);
  }
  return pages;
}

void BM_EncodePages(benchmark::State& state, const DataSet& set) {
  std::size_t bytes = 0;
  std::string out;
  for (auto _ : state) {
    bytes = 0;
    for (const Series& series : set.series) {
      out.clear();
      PageHint hint;
      for (std::size_t begin = 0; begin < series.values.size(); begin += kPageSamples) {
        const std::size_t size = std::min(kPageSamples, series.values.size() - begin);
        EncodePage(std::span(series.times_ms).subspan(begin, size), std::span(series.values).subspan(begin, size), hint,
                   out);
      }
      bytes += out.size();
    }
  }
  Report(state, set, bytes);
}

void BM_DecodePages(benchmark::State& state, const DataSet& set) {
  std::vector<std::string> encoded;
  std::size_t bytes = 0;
  for (const Series& series : set.series) bytes += encoded.emplace_back(EncodePages(series)).size();
  SampleBuffer buffer;
  for (auto _ : state) {
    for (const std::string& pages : encoded) {
      buffer.clear();
      for (std::string_view rest = pages; !rest.empty();) {
        if (!DecodePage(rest, buffer)) std::abort();
      }
      benchmark::DoNotOptimize(buffer.values.data());
    }
  }
  Report(state, set, bytes);
}

void BM_EncodeBlocks(benchmark::State& state, const DataSet& set) {
  std::size_t bytes = 0;
  std::string out;
  for (auto _ : state) {
    bytes = 0;
    for (const Series& series : set.series) {
      out.clear();
      EncodeBlock(series.times_ms, series.values, out);
      bytes += out.size();
    }
  }
  Report(state, set, bytes);
}

void BM_DecodeBlocks(benchmark::State& state, const DataSet& set) {
  std::vector<std::string> encoded(set.series.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    EncodeBlock(set.series[i].times_ms, set.series[i].values, encoded[i]);
    bytes += encoded[i].size();
  }
  SampleBuffer buffer;
  for (auto _ : state) {
    for (const std::string& block : encoded) {
      buffer.clear();
      if (!DecodeBlock(block, buffer)) std::abort();
      benchmark::DoNotOptimize(buffer.values.data());
    }
  }
  Report(state, set, bytes);
}

// B/sample counts the raw samples that went into the rollups.
void BM_MakeAndEncodeRollups(benchmark::State& state, const DataSet& set) {
  std::size_t bytes = 0;
  std::string out;
  RollupBuffer rollups;
  for (auto _ : state) {
    bytes = 0;
    for (const Series& series : set.series) {
      out.clear();
      rollups.clear();
      AddSamples(std::chrono::minutes{5}, series.times_ms, series.values, rollups);
      EncodeRollups(std::chrono::minutes{5}, rollups, out);
      bytes += out.size();
    }
  }
  Report(state, set, bytes);
  state.counters.erase("entropy");
}

void BM_DecodeRollups(benchmark::State& state, const DataSet& set) {
  std::vector<std::string> encoded(set.series.size());
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    RollupBuffer rollups;
    AddSamples(std::chrono::minutes{5}, set.series[i].times_ms, set.series[i].values, rollups);
    EncodeRollups(std::chrono::minutes{5}, rollups, encoded[i]);
    bytes += encoded[i].size();
  }
  RollupBuffer buffer;
  for (auto _ : state) {
    for (const std::string& block : encoded) {
      buffer.clear();
      if (!DecodeRollups(block, buffer)) std::abort();
      benchmark::DoNotOptimize(buffer.sum.data());
    }
  }
  Report(state, set, bytes);
  state.counters.erase("entropy");
}

void Register(std::shared_ptr<const DataSet> set) {
  const auto add = [&](const char* what, void (*run)(benchmark::State&, const DataSet&)) {
    benchmark::RegisterBenchmark((std::string(what) + "/" + set->name).c_str(), [set, run](benchmark::State& state) {
      run(state, *set);
    })->Unit(benchmark::kMillisecond);
  };
  add("EncodePages", BM_EncodePages);
  add("DecodePages", BM_DecodePages);
  add("EncodeBlocks", BM_EncodeBlocks);
  add("DecodeBlocks", BM_DecodeBlocks);
  if (set->name != "model") return;
  add("MakeAndEncodeRollups", BM_MakeAndEncodeRollups);
  add("DecodeRollups", BM_DecodeRollups);
}

const bool kRegistered = [] {
  Register(std::make_shared<DataSet>(ModelSet(100, 0)));
  Register(std::make_shared<DataSet>(ModelSet(100, 5)));
  for (std::size_t kind = 0; kind < kModelKinds; ++kind) {
    Register(std::make_shared<DataSet>(KindSet(static_cast<ModelKind>(kind))));
  }
  Register(std::make_shared<DataSet>(HardSet()));
  const char* directory = std::getenv("HELIOS_SERIES_DIR");
  if (directory == nullptr) {
    benchmark::RegisterBenchmark("RealSeries", [](benchmark::State& state) {
      state.SkipWithError("left out: HELIOS_SERIES_DIR names no folder of series");
    });
  } else {
    Register(std::make_shared<DataSet>(RealSet(directory)));
  }
  return true;
}();

}  // namespace
}  // namespace helios::tsdb
