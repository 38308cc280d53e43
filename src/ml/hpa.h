// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "ml/internal/scaling/stabiliser.h"

namespace helios::ml {

/// Settings of Kubernetes' HorizontalPodAutoscaler, with its defaults.
struct HpaSettings {
  double target_utilisation = 0.7;  ///< of a ready replica's capacity; over 0
  std::int32_t min_replicas = 1;
  std::int32_t max_replicas = 100;
  double tolerance = 0.1;                   ///< changes by no more than this share are not made
  std::chrono::seconds stabilisation{300};  ///< of scaling down
  std::int32_t most_pods_added = 4;         ///< in one period of 15 s; the larger of the two limits holds
  double most_share_added = 1.0;            ///< of the replicas there are
};

/// How often the controller looks: --horizontal-pod-autoscaler-sync-period.
inline constexpr std::chrono::seconds kHpaSync{15};

/// Kubernetes' HorizontalPodAutoscaler as it is published, on one resource metric.
///
/// Each sync: the ratio of the ready replicas' mean use to the target; no change within the tolerance; replicas that
/// are not ready count as using nothing when it scales up; what results may not exceed the larger of four pods or
/// 100 % more (default scale-up policy), and not undercut any recommendation of the last 300 s (stabilisation).
/// Use is not capped at a replica's capacity, as that of a metric of requests is not, so that it sees how far an
/// overload goes: the more favourable case.
///
/// Source: kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale, "Algorithm details" and "Default
/// behavior"; of which pkg/controller/podautoscaler/{replica_calculator,horizontal}.go are the implementation.
class Hpa {
 public:
  explicit Hpa(const HpaSettings& settings);

  /// Replicas wanted after one sync. `use` is the whole load divided by one replica's capacity; `ready` of the
  /// `current` replicas are ready. A use that is NaN, a failed metric, changes nothing.
  [[nodiscard]] std::int32_t Sync(double use, std::int32_t current, std::int32_t ready);

 private:
  [[nodiscard]] std::int32_t Desired(double use, std::int32_t current, std::int32_t ready) const;

  HpaSettings settings_;
  Stabiliser recent_;
};

}  // namespace helios::ml
