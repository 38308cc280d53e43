// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <vector>

#include "ml/scaling_recommendation.h"
#include "tsdb/sample_store.h"

namespace helios::scaling {

inline constexpr std::size_t kMostSeries = 100;  ///< that one target's load may be the sum of

/// The load of one target: the sum of the series that a selector means.
struct TargetLoad {
  std::vector<ml::Sample> history;  ///< means of five minutes, of closed ones alone; oldest first
  ml::PresentLoad present;          ///< the sum of each series' newest sample, and the time it was asked for
  std::size_t series = 0;           ///< that still have a present load
};

/// What was stored by `now`; samples that a sender dated later are not seen. 28 days of five-minute rollups and the
/// newest hours of samples are read.
///
/// Of several series, one that misses samples for no longer than ten minutes, or twice its own spacing, counts by its
/// last value meanwhile. One that ended with a stale marker, or is silent for five minutes or three times its spacing
/// (three hours at most), has no present load any more; where none has, the load is unknown.
/// Errors: kNotFound scaling.no_such_series; kInvalidArgument scaling.too_many_series; kFailedPrecondition
/// scaling.stale_series (the load is unknown), scaling.not_enough_history (nothing before the last five minutes); those
/// of tsdb::SampleStore.
[[nodiscard]] Result<TargetLoad> ReadTargetLoad(const tsdb::SampleStore& store, TenantId tenant,
                                                const tsdb::SeriesSelector& selector, TimestampMs now);

}  // namespace helios::scaling
