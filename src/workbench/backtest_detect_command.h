// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "ml/detector.h"

namespace helios::workbench {

struct BacktestDetectOptions {
  std::filesystem::path directory;  ///< of a labels.json and the series that it names
  bool json = false;                ///< one JSON object instead of a table
  double sensitivity = ml::kDefaultSensitivity;
};

/// Runs the detector over labelled production series, from the past alone, and counts as an operator does
/// (ml/detector_backtest.h): labelled events noticed, and false alarms a day and series. By group
/// of series, which is the name before its number.
/// Errors: those of ReadLabelledSeries() and Detector::Make(); kInvalidArgument workbench.nothing_to_score.
[[nodiscard]] Result<std::string> RunBacktestDetect(const BacktestDetectOptions& options);

}  // namespace helios::workbench
