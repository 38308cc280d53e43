// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "base/result.h"

namespace helios::ml {

/// What is scaled, and how much of the load may be lost to keep it cheap.
struct ScalingTarget {
  double per_replica_capacity = 0.0;  ///< load that one ready replica serves, in the series' unit; > 0, finite
  std::int32_t min_replicas = 1;      ///< 0 to max_replicas
  std::int32_t max_replicas = 100;    ///< 1 to kMostReplicas
  std::chrono::seconds startup{120};  ///< from being asked for to serving; 0 to 1 h
  std::chrono::seconds stabilisation{
      300};                           ///< replicas go only when none of the plans of this long needs them; 0 to 1 h
  double tolerated_loss = 0.001;      ///< share of the load that may exceed the ready replicas; in [0, 1)
  double tolerated_short_time = 1.0;  ///< share of the time that it may; in [0, 1], and 1 for any
};

inline constexpr std::int32_t kMostReplicas = 100'000;
inline constexpr std::chrono::seconds kLongestScalingDelay{3'600};

/// Errors: kInvalidArgument scaling.bad_target, which names the field.
[[nodiscard]] Result<void> CheckScalingTarget(const ScalingTarget& target);

/// Least number of ready replicas that serve `load`, whatever the bounds say, but no more than kMostReplicas. A load
/// that is negative or NaN needs none. Loads over a replica's capacity by less than a part in 10^9 count as served.
[[nodiscard]] std::int32_t ReplicasFor(double load, double per_replica_capacity);

/// ReplicasFor() within the target's bounds.
[[nodiscard]] std::int32_t ReplicasFor(double load, const ScalingTarget& target);

}  // namespace helios::ml
