// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.h"
#include "ml/policy_choice.h"

namespace helios::ml {

/// What ways of scaling one target cost and lost over the same stretch of its history.
struct ScalingComparison {
  TickRange scored;
  ScalingOutcome ours;  ///< the policy chosen anew at the end of each day from the days before
  ScalingOutcome hpa;   ///< Kubernetes' autoscaler, set in hindsight (below)
  double hpa_utilisation = 0.0;
  bool hpa_keeps_up = false;   ///< whether some setting of it lost no more than that
  ScalingOutcome static_peak;  ///< the replicas that the stretch's highest load needs, all the time
  ScalingOutcome oracle;       ///< exactly the replicas needed at each moment, known in advance
};

/// Compares over `scored`. The HPA stands at the one target utilisation, of 4 % to 110 % in steps of 1 %, that turned
/// out cheapest among those that lose no more of the load than the target tolerates, or than ours lost where that is
/// more; where none does, at the one that loses least. It is told the future in that; ours is not.
/// Requires `tournament` to be of `trace`, and `scored` within it.
[[nodiscard]] ScalingComparison CompareScaling(const LoadTrace& trace, const PolicyTournament& tournament,
                                               TickRange scored);

/// The newer half of a trace's whole days, where it has two of them or more; all of it otherwise.
[[nodiscard]] TickRange NewerHalf(const LoadTrace& trace);

}  // namespace helios::ml
