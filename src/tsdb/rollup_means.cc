// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/rollup_means.h"

#include <algorithm>
#include <cmath>

namespace helios::tsdb {

BucketShift ShiftOf(TimestampMs time) {
  const auto width = Width(RollupStep::kFiveMinutes);
  return ((time.time_since_epoch() % width) + width) % width;
}

namespace {

/// Of a series with `count` samples in a bucket, of which `newest` is one.
BucketShift ShiftFor(std::uint64_t count, TimestampMs newest) {
  const BucketShift width = Width(RollupStep::kFiveMinutes);
  const BucketShift interval = width / static_cast<std::int64_t>(count);
  const BucketShift earliest = width - interval;
  if (interval * static_cast<std::int64_t>(count) != width) return earliest;
  // A sample that comes a little early must not leave its bucket open.
  constexpr BucketShift kMostEarly = std::chrono::seconds{25};
  const BucketShift early = std::min(interval / 10, kMostEarly);
  return std::max(earliest, earliest + ShiftOf(newest) % interval - early);
}

}  // namespace

Result<RollupMeans> ReadRollupMeans(const SampleStore& store, TenantId tenant, const SeriesInfo& info, TimeRange range,
                                    std::optional<BucketShift> shift) {
  HELIOS_TRY(const auto cursor, store.ReadRollups(tenant, info.id, range, RollupStep::kFiveMinutes));
  RollupMeans means;
  std::vector<std::uint64_t> counts;
  for (;;) {
    HELIOS_TRY(const RollupColumns columns, cursor->Next());
    if (columns.times.empty()) break;
    for (std::size_t i = 0; i < columns.times.size(); ++i) {
      const double mean = columns.sum[i] / static_cast<double>(columns.count[i]);
      if (!std::isfinite(mean)) continue;  // a sum beyond double's range
      means.times.push_back(columns.times[i]);
      means.values.push_back(mean);
      if (!shift) counts.push_back(columns.count[i]);
    }
  }
  if (means.times.empty()) return means;
  if (!shift) {
    const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
    std::ranges::nth_element(counts, middle);
    shift = ShiftFor(std::clamp<std::uint64_t>(*middle, 1, 300'000), info.last_seen);
  }
  for (TimestampMs& time : means.times) time += *shift;
  while (!means.times.empty() && means.times.back() > info.last_seen) {
    means.times.pop_back();
    means.values.pop_back();
  }
  return means;
}

}  // namespace helios::tsdb
