// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "ml/scaling_comparison.h"

namespace helios::workbench {

/// What ways of scaling cost and lost: an object each for "ours", "hpa", "static" and "oracle" with "replica_hours",
/// "lost_load_share", "short_time_share", "most_replicas" and "ratio" (of its replica-hours to the oracle's, null
/// where that needs none); "days" that were replayed, and "saved_share" of the HPA's replica-hours.
[[nodiscard]] boost::json::object ToJson(const ml::ScalingComparison& comparison);

/// `outcome`'s replica-hours in those of the oracle; 1 where neither needs any, infinite where only the oracle does
/// not.
[[nodiscard]] double OracleRatio(const ml::ScalingOutcome& outcome, const ml::ScalingComparison& comparison);

/// Share of the HPA's replica-hours that ours does without; negative where ours needs more.
[[nodiscard]] double SavedShare(const ml::ScalingComparison& comparison);

}  // namespace helios::workbench
