// SPDX-License-Identifier: Apache-2.0
#include "ml/history_detections.h"

#include <algorithm>
#include <utility>

namespace helios::ml {

HistoryDetections DetectHistory(const Detector& detector, std::span<const Sample> history) {
  std::vector<std::pair<TimestampMs, std::size_t>> order;
  order.reserve(history.size());
  for (const auto& sample : history) order.emplace_back(sample.time, order.size());
  std::ranges::sort(order);
  HistoryDetections found;
  found.samples.reserve(history.size());
  for (const auto& [time, index] : order) found.samples.push_back(history[index]);

  found.detections.reserve(history.size());
  DetectorState state;
  for (const auto& sample : found.samples) found.detections.push_back(detector.Score(state, sample));
  found.anomalies = MergeAnomalies(found.samples, found.detections);
  return found;
}

}  // namespace helios::ml
