// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// A series as the means of its 5-minute buckets, oldest first; both have the same length.
struct RollupMeans {
  std::vector<TimestampMs> times;
  std::vector<double> values;
};

/// How far behind a bucket's beginning its mean lies: where its last sample is expected, less a tenth of the interval,
/// 25 s at most. A series sampled at 4 minutes past each fifth minute lies at 3 min 35 s, on its own grid: were it put
/// on the buckets', every forecast of it would lie between two steps.
using BucketShift = std::chrono::milliseconds;

/// The mean of each bucket that begins within `range` and that the series' samples, up to `info.last_seen`, have
/// filled; one that is still filling is left out. `shift`: the one of an earlier read, so that both lie on one grid;
/// none: from the samples that a bucket usually has and the time of the newest. Errors: those of
/// SampleStore::ReadRollups().
[[nodiscard]] Result<RollupMeans> ReadRollupMeans(const SampleStore& store, TenantId tenant, const SeriesInfo& info,
                                                  TimeRange range, std::optional<BucketShift> shift = std::nullopt);

/// The shift that a time of RollupMeans was made with.
[[nodiscard]] BucketShift ShiftOf(TimestampMs time);

}  // namespace helios::tsdb
