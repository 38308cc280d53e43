// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <functional>

#include "pg/database.h"
#include "tsdb/sample_store.h"

namespace helios::predictions {

struct MeetOutcome {
  std::size_t met = 0;
  std::size_t missed = 0;
};

/// Gives a tenant's predictions their actual values: the mean over the forecast's step that ends at the predicted time,
/// as it is stored once the series has a sample at that time or later (so, by the series' samples and not by the clock,
/// as the accuracy ledger does). Where the step is empty the prediction is missed; also where the series fell silent
/// before, or is gone, for kPatience. `go_on` is asked between pages of some hundred. Errors: those of pg::Database; a
/// store that cannot be read leaves its predictions waiting.
[[nodiscard]] Result<MeetOutcome> MeetPredictions(pg::Database& database, const tsdb::SampleStore& store,
                                                  TenantId tenant, TimestampMs now, const std::function<bool()>& go_on);

/// For which a predicted moment waits for its series to go on.
inline constexpr std::chrono::hours kPatience{24};

}  // namespace helios::predictions
