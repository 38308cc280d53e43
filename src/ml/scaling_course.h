// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ml/scaling_comparison.h"

namespace helios::ml {

/// A stretch of a replay, told by the first moment of its highest load.
struct CoursePoint {
  std::size_t tick = 0;   ///< of that moment
  double load = 0.0;      ///< then
  std::int32_t ours = 0;  ///< replicas that served then
  std::int32_t hpa = 0;
  std::chrono::seconds ours_short{};  ///< of the whole stretch, how long the load exceeded the ready replicas
  std::chrono::seconds hpa_short{};
};

/// What `comparison` sums up, in at most `most` stretches of equal length, oldest first; stretches without a known load
/// are left out. For charts: peaks and shortfalls stay, however long the replay. Costs two replays.
/// Requires `tournament` and `comparison` to be of `trace`, and `most` >= 1.
[[nodiscard]] std::vector<CoursePoint> CourseOf(const LoadTrace& trace, const PolicyTournament& tournament,
                                                const ScalingComparison& comparison, std::size_t most);

}  // namespace helios::ml
