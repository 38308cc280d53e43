// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <span>

#include "base/result.h"

namespace helios::ml {

/// Errors: kInvalidArgument inference.bad_horizon unless there is a horizon and each is in
/// [1, 10080] minutes; inference.bad_level unless 0 < level < 1.
[[nodiscard]] Result<void> CheckOptions(std::span<const std::chrono::minutes> horizons, double level);

/// Errors: kInvalidArgument inference.bad_level unless each probability is in (0, 1) and none below the one before it.
[[nodiscard]] Result<void> CheckProbabilities(std::span<const double> probabilities);

}  // namespace helios::ml
