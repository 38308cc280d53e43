// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ml/grid.h"
#include "ml/scaling_comparison.h"
#include "ml/scaling_course.h"

namespace helios::ml {

/// What the load is since the history ended.
struct PresentLoad {
  TimestampMs time{};
  double load = 0.0;
};

struct RecommendOptions {
  ScalingTarget target;
  std::optional<std::int32_t> current_replicas =
      std::nullopt;                                   ///< 0 to kMostReplicas; those of the replay where not given
  std::chrono::minutes horizon{60};                   ///< of the plan; 1 to 1440
  std::optional<PresentLoad> present = std::nullopt;  ///< where it is newer than the history
  std::size_t course_points = 0;                      ///< of the replay's course; 0: it is not wanted
};

/// Errors: those of CheckScalingTarget();
///         kInvalidArgument scaling.bad_target   current_replicas out of range
///         kInvalidArgument scaling.bad_horizon
[[nodiscard]] Result<void> CheckRecommendOptions(const RecommendOptions& options);

enum class ScalingAction : std::uint8_t { kScaleUp, kScaleDown, kHold };

/// "scale_up", "scale_down" or "hold".
[[nodiscard]] std::string_view ScalingActionName(ScalingAction action);

/// Replicas to ask for at `time`, until the next of a plan; what is to serve later has been asked for by then.
struct PlannedReplicas {
  TimestampMs time{};
  std::int32_t replicas = 0;
};

/// Replicas over time. Ascending in time; never empty.
using ReplicaPlan = std::vector<PlannedReplicas>;

/// A target's history on the step that it is replayed at.
struct LoadHistory {
  TimestampMs first{};
  std::chrono::seconds step{60};
  std::vector<double> load;  ///< NaN where unknown

  [[nodiscard]] LoadTrace trace() const { return {load, step}; }
  [[nodiscard]] TimestampMs end() const { return first + step * static_cast<std::int64_t>(load.size()); }
};

inline constexpr std::chrono::days kMostLoadHistory{
    28};  ///< a fortnight to judge by, after one for forecasts to learn from

/// Averages samples, in any order of time, to steps of their own spacing, a minute at least. The newest
/// kMostLoadHistory count; from two days on, they begin with a day in UTC, so that what is judged day by day does not
/// depend on the time of day that asks.
/// Errors: kFailedPrecondition scaling.not_enough_history  no finite sample
///         kInvalidArgument inference.bad_timestamp        a time outside the years 1 to 9999
[[nodiscard]] Result<LoadHistory> ToLoadHistory(std::span<const Sample> samples);

struct ScalingRecommendation {
  ScalingAction action = ScalingAction::kHold;
  std::int32_t recommended_replicas = 0;  ///< from now on; never less than the present load needs, within the bounds
  std::string reason;                     ///< one or two sentences for a person
  ReplicaPlan schedule;                   ///< over the horizon, in steps of five minutes or the history's; first is now
  ReplicaPlan past;                       ///< changes that the chosen policy would have made over the history
  PolicyChoice choice;
  ScalingComparison replay;         ///< of the history: what would have happened
  std::vector<CoursePoint> course;  ///< of the replay, where it is wanted
  LoadHistory history;
};

/// How many replicas a target should have now and over the next while, by the policy that its own history favours.
///
/// `history` is the target's whole load, in any order of time. "Now" is the end of its newest step, or the present's
/// time where that is later. The same input gives the same bits. Cost: scaling_bench.cc.
/// Errors: those of CheckRecommendOptions() and ToLoadHistory().
[[nodiscard]] Result<ScalingRecommendation> Recommend(std::span<const Sample> history, const RecommendOptions& options);

/// What a policy that is chosen already wants now.
struct ScalingAdvice {
  std::int32_t replicas = 0;  ///< never less than the present load needs, within the bounds
  std::int32_t needed = 0;    ///< by the present load alone, within the bounds
  double load = 0.0;          ///< present
};

/// The replicas that Recommend() gives where it chooses `settings`, without the choice's cost: two fits of a forecaster
/// instead of one a day, and a forecast for each bucket of the last hour. current_replicas and the horizon do not
/// count. Errors: those of CheckRecommendOptions() and ToLoadHistory().
[[nodiscard]] Result<ScalingAdvice> Advise(std::span<const Sample> history, const RecommendOptions& options,
                                           const PolicySettings& settings);

}  // namespace helios::ml
