// SPDX-License-Identifier: Apache-2.0
#include "ml/scaling_target.h"

#include <algorithm>
#include <cmath>

namespace helios::ml {
namespace {

constexpr double kRounding = 1e-9;

bool IsDelay(std::chrono::seconds delay) {
  return delay >= std::chrono::seconds{0} && delay <= kLongestScalingDelay;
}

}  // namespace

Result<void> CheckScalingTarget(const ScalingTarget& target) {
  constexpr auto kCode = ErrorCode::kInvalidArgument;
  if (!std::isfinite(target.per_replica_capacity) || !(target.per_replica_capacity > 0.0)) {
    return Fail(
        kCode, "scaling.bad_target",
        "cannot scale: a replica must serve something; got per_replica_capacity {}; want a finite number over 0",
        target.per_replica_capacity);
  }
  if (target.max_replicas < 1 || target.max_replicas > kMostReplicas) {
    return Fail(kCode, "scaling.bad_target", "cannot scale: got max_replicas {}; want 1 to {}", target.max_replicas,
                kMostReplicas);
  }
  if (target.min_replicas < 0 || target.min_replicas > target.max_replicas) {
    return Fail(kCode, "scaling.bad_target", "cannot scale: got min_replicas {}; want 0 to max_replicas, {}",
                target.min_replicas, target.max_replicas);
  }
  if (!IsDelay(target.startup) || !IsDelay(target.stabilisation)) {
    return Fail(kCode, "scaling.bad_target",
                "cannot scale: got a start-up of {} s and a stabilisation of {} s; want 0 to {} s of both",
                target.startup.count(), target.stabilisation.count(), kLongestScalingDelay.count());
  }
  if (!(target.tolerated_loss >= 0.0 && target.tolerated_loss < 1.0)) {
    return Fail(kCode, "scaling.bad_target",
                "cannot scale: got {} as the share of the load that may be lost; want 0 to under 1",
                target.tolerated_loss);
  }
  if (!(target.tolerated_short_time >= 0.0 && target.tolerated_short_time <= 1.0)) {
    return Fail(kCode, "scaling.bad_target",
                "cannot scale: got {} as the share of the time that replicas may be short; want 0 to 1",
                target.tolerated_short_time);
  }
  return {};
}

std::int32_t ReplicasFor(double load, double per_replica_capacity) {
  const double exact = load / per_replica_capacity;
  if (!(exact > 0.0)) return 0;
  return static_cast<std::int32_t>(std::min(std::ceil(exact * (1.0 - kRounding)), static_cast<double>(kMostReplicas)));
}

std::int32_t ReplicasFor(double load, const ScalingTarget& target) {
  return std::clamp(ReplicasFor(load, target.per_replica_capacity), target.min_replicas, target.max_replicas);
}

}  // namespace helios::ml
