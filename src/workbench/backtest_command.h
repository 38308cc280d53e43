// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace helios::workbench {

struct BacktestOptions {
  std::filesystem::path directory;  ///< of a manifest.json (manifest.h) and the series that it names
  bool json = false;                ///< one JSON object instead of a table
};

/// Forecasts the series that the manifest marks "forecast" from several past origins each, and says how well.
/// Errors: those of ReadManifest() and ReadCsvSeries(); kInvalidArgument workbench.nothing_to_backtest.
[[nodiscard]] Result<std::string> RunBacktest(const BacktestOptions& options);

}  // namespace helios::workbench
