// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "ml/history_detections.h"

namespace helios::workbench {

/// An SVG of a series: its values, the expected range behind them, and its anomalies as marked stretches.
[[nodiscard]] std::string DrawDetections(std::string_view title, const ml::HistoryDetections& found);

}  // namespace helios::workbench
