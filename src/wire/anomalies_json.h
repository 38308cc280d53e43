// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>

#include "ml/history_detections.h"

namespace helios::wire {

/// The anomalies of one series: {"time", "started_at", "ended_at", "value", "expected_value", "lower", "upper",
/// "anomaly_score", "severity", "kinds"} each; the value is that of its worst sample, at "time".
[[nodiscard]] boost::json::array AnomaliesJson(std::span<const ml::AnomalySpan> anomalies);

/// What is told by name alone, whatever the score: {"time", "kind"} each, and "missing_samples" where samples are
/// missing. `detections` belong to `samples`, one each.
[[nodiscard]] boost::json::array SignalsJson(std::span<const ml::Sample> samples,
                                             std::span<const ml::Detection> detections);

/// A whole history as one entry of the answer to /detect: metric null and no labels, for whoever knows them to fill in;
/// {"history": {"samples", "seconds"}} of what was scored; its anomalies and signals.
[[nodiscard]] boost::json::object DetectionsJson(const ml::HistoryDetections& found);

}  // namespace helios::wire
