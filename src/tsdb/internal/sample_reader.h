// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>

#include "tsdb/internal/sample_db.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// A cursor over the samples of `series` in `range`, as they are now. `db` must outlive it.
[[nodiscard]] std::unique_ptr<SampleCursor> MakeSampleReader(const SampleDb& db, TenantId tenant, SeriesId series,
                                                             TimeRange range);

}  // namespace helios::tsdb
