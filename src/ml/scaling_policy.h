// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "ml/hpa.h"
#include "ml/internal/scaling/load_outlook.h"
#include "ml/scaling_simulator.h"

namespace helios::ml {

/// One way to decide how many replicas there should be.
struct PolicySettings {
  bool hpa = false;  ///< Kubernetes' rule at `utilisation` above the present load; the rest does not count then
  double utilisation = 0.5;
  LoadSource source = LoadSource::kPresent;  ///< of the load that replicas are made ready for ahead of time
  double margin = 0.0;                       ///< of the source (LoadOutlook::Level)
  double headroom = 0.0;                     ///< share added to the present load: the reactive rule

  friend bool operator==(const PolicySettings&, const PolicySettings&) = default;
};

/// "the HPA's rule at 52 % utilisation", "the forecast and 2.25 widths above it, …": a phrase for a person.
[[nodiscard]] std::string Describe(const PolicySettings& settings);

/// Decides replicas tick by tick. What is expected is a floor under the reactive rule and never a ceiling on it: never
/// less than the present load needs, within the target's bounds, and replicas go only when no decision of the target's
/// stabilisation wanted them.
class ScalingPolicy {
 public:
  /// `outlook` is of the trace that moments come from; it must outlive this.
  ScalingPolicy(const ScalingTarget& target, const LoadOutlook& outlook, const PolicySettings& settings);

  /// Goes on with other settings; what was stabilised stays so.
  void Use(const PolicySettings& settings);

  [[nodiscard]] std::int32_t Decide(const ScalingMoment& moment);

 private:
  const LoadOutlook* outlook_;
  ScalingTarget target_;
  PolicySettings settings_;
  Stabiliser recent_;
  Hpa hpa_;
};

}  // namespace helios::ml
