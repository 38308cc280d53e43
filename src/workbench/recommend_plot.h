// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "ml/scaling_recommendation.h"

namespace helios::workbench {

/// An SVG of a recommendation: the replicas that the load of the last two days needed, those that the chosen policy
/// would have had, and the plan from now on. Of many steps, each column of pixels keeps its highest load.
[[nodiscard]] std::string DrawRecommendation(const ml::ScalingRecommendation& recommendation,
                                             const ml::ScalingTarget& target);

}  // namespace helios::workbench
