// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>

#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// Reads the samples of `series` in `range`, whatever retention says, a day at a time: what is on disk merged with what
/// is in memory at the moment of this call. The cursor must not outlive the store.
/// Errors: kNotFound tsdb.no_such_series; those of ChunkDb::Open().
[[nodiscard]] Result<std::unique_ptr<SampleCursor>> OpenSampleCursor(StoreCore& core, Tenant& tenant, SeriesId series,
                                                                     TimeRange range);

/// The same, aggregated into buckets of `step`: from the samples where there are any, merged with the rollups that were
/// kept of samples that are gone.
[[nodiscard]] Result<std::unique_ptr<RollupCursor>> OpenRollupCursor(StoreCore& core, Tenant& tenant, SeriesId series,
                                                                     TimeRange range, RollupStep step);

/// Brings samples into the order of their times, each time once: of several the one that stands first.
void SortSamples(SampleBuffer& samples);

}  // namespace helios::tsdb
