// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "ml/anomaly_spans.h"

namespace helios::workbench {

/// An SVG of a series: its values, the expected range behind them, and its anomalies as marked stretches.
/// `samples` in order of time, a detection each. Of many samples, each column of pixels keeps its extremes.
[[nodiscard]] std::string DrawDetections(std::span<const ml::Sample> samples, std::span<const ml::Detection> detections,
                                         std::span<const ml::AnomalySpan> anomalies);

}  // namespace helios::workbench
