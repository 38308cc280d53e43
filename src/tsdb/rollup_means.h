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

/// How far behind a bucket's beginning its mean lies: where its last sample is expected. Of a series sampled each
/// 15 s that is 4 min 45 s, of one sampled each 5 minutes nothing.
using BucketShift = std::chrono::milliseconds;

/// The mean of each bucket that begins within `range` and that the series' samples, up to `info.last_seen`, have
/// filled; one that is still filling is left out. `shift`: the one of an earlier read, so that both lie on one grid;
/// none: from the samples that a bucket usually has. Errors: those of SampleStore::ReadRollups().
[[nodiscard]] Result<RollupMeans> ReadRollupMeans(const SampleStore& store, TenantId tenant, const SeriesInfo& info,
                                                  TimeRange range, std::optional<BucketShift> shift = std::nullopt);

/// The shift that a time of RollupMeans was made with.
[[nodiscard]] BucketShift ShiftOf(TimestampMs time);

}  // namespace helios::tsdb
