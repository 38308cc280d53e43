// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"
#include "http/json.h"
#include "ml/scaling_recommendation.h"

namespace helios::wire {

inline constexpr std::size_t kCoursePoints = 400;  ///< at most, of a replay's course

/// Takes what a request to /recommend says of the target beside its load: "target" (an object: "per_replica_capacity",
/// "max_replicas"; "current_replicas", "min_replicas" and "startup_seconds" where given), "horizon_minutes",
/// "max_violation_ratio" of the load, "max_short_time_ratio" of the time, and whether the replay's "course" is wanted.
/// Errors: what `reader` collects; kInvalidArgument http.bad_field, http.unknown_field within "target"; those of
/// ml::CheckRecommendOptions().
[[nodiscard]] Result<ml::RecommendOptions> ReadRecommendOptions(http::ObjectReader& reader);

/// One element of "recommendations" in the answer: "action", "recommended_replicas", "reason", "policy" in words,
/// "schedule" ({"time", "replicas"} each), and "replay": of the comparison, as below, and where it is wanted the
/// "course": "time", "load", "ours", "hpa", "ours_short_seconds" and "hpa_short_seconds" of each point.
[[nodiscard]] boost::json::object RecommendationJson(const ml::ScalingRecommendation& recommendation);

/// What ways of scaling cost and lost: an object each for "ours", "hpa", "static" and "oracle" with "replica_hours",
/// "lost_load_share", "short_time_share", "most_replicas" and "ratio" (of its replica-hours to the oracle's, null
/// where that needs none); "days" that were replayed, and "saved_share" of the HPA's replica-hours.
[[nodiscard]] boost::json::object ComparisonJson(const ml::ScalingComparison& comparison);

/// `outcome`'s replica-hours in those of the oracle; 1 where neither needs any, infinite where only the oracle does
/// not.
[[nodiscard]] double OracleRatio(const ml::ScalingOutcome& outcome, const ml::ScalingComparison& comparison);

/// Share of the HPA's replica-hours that ours does without; negative where ours needs more.
[[nodiscard]] double SavedShare(const ml::ScalingComparison& comparison);

}  // namespace helios::wire
