// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "ml/anomaly_spans.h"

namespace helios::ml {

/// What a detector says of a whole history.
struct HistoryDetections {
  std::vector<Sample> samples;         ///< in order of time; of equal times, the one given first comes first
  std::vector<Detection> detections;   ///< one for each of them
  std::vector<AnomalySpan> anomalies;  ///< of neighbouring samples, oldest first
};

/// Scores `history`, in any order of time, each sample judged by those before it alone, from a state that knows
/// nothing: its first day and first 150 samples deliver no event, the first two days (or 300 samples) no point.
/// O(n log n).
[[nodiscard]] HistoryDetections DetectHistory(const Detector& detector, std::span<const Sample> history);

}  // namespace helios::ml
