// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "ml/detector.h"

namespace helios::workbench {

struct DetectOptions {
  std::filesystem::path file;  ///< one series, CSV or JSON (history_file.h)
  std::filesystem::path plot;  ///< where to draw it as SVG; empty for nowhere
  bool json = false;           ///< one JSON object instead of a table
  double sensitivity = ml::kDefaultSensitivity;
};

/// Finds the anomalies of one series, each sample judged by those before it alone.
/// Errors: those of ReadHistory(), Detector::Make() and WriteFileAtomically().
[[nodiscard]] Result<std::string> RunDetect(const DetectOptions& options);

}  // namespace helios::workbench
