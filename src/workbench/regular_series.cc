// SPDX-License-Identifier: Apache-2.0
#include "workbench/regular_series.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "workbench/csv_series.h"

namespace helios::workbench {
namespace {

constexpr std::int64_t kMostBuckets = 10'000'000;

}  // namespace

Result<RegularSeries> ToRegularSeries(std::span<const ml::Sample> samples, const ManifestEntry& entry,
                                      std::chrono::seconds coarsest) {
  RegularSeries series{
      .path = entry.path, .first = TimestampMs::max(), .step = std::max(entry.step, coarsest), .values = {}};
  const bool add = entry.aggregation == Aggregation::kSum && entry.step < coarsest;
  auto newest = TimestampMs::min();
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value)) continue;
    series.first = std::min(series.first, sample.time);
    newest = std::max(newest, sample.time);
  }
  if (newest < series.first) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_series", "cannot use {}: it has no finite sample",
                entry.path);
  }
  const std::chrono::milliseconds step = series.step;
  const std::int64_t buckets = (newest - series.first) / step + 1;
  if (buckets > kMostBuckets) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_series",
                "cannot use {}: it spans too many steps of {} s; got {}; want {} at most", entry.path,
                series.step.count(), buckets, kMostBuckets);
  }
  std::vector<std::size_t> counts(static_cast<std::size_t>(buckets), 0);
  series.values.assign(counts.size(), 0.0);
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value)) continue;
    const auto bucket = static_cast<std::size_t>((sample.time - series.first) / step);
    series.values[bucket] += sample.value;
    ++counts[bucket];
  }
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) {
      series.values[i] = std::numeric_limits<double>::quiet_NaN();
    } else if (!add) {
      series.values[i] /= static_cast<double>(counts[i]);
    }
  }
  return series;
}

Result<RegularSeries> ReadRegularSeries(const std::filesystem::path& directory, const ManifestEntry& entry) {
  HELIOS_TRY(const auto samples, ReadCsvSeries(directory / entry.path));
  return ToRegularSeries(samples, entry);
}

}  // namespace helios::workbench
