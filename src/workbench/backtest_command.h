// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"

namespace helios::workbench {

struct BacktestOptions {
  std::filesystem::path directory;  ///< of a manifest.json (manifest.h) and the series that it names
  bool json = false;                ///< one JSON object about Helios instead of tables
  bool models = false;              ///< also a row for each named model (named_forecasters.h): a minute for 21 series
  bool variance_shift = false;      ///< also what intervals hold after a series began to scatter more
  /// Also a row for the best of so many random settings, chosen for each family of series on the others; 0: none. Each
  /// costs as much as Helios itself.
  std::size_t settings = 0;
};

/// Forecasts the series that the manifest marks "forecast" from several past origins each, and says how well
/// (backtest_scores.h holds the protocol).
/// Errors: those of ReadManifest() and ReadCsvSeries(); kInvalidArgument workbench.nothing_to_backtest.
[[nodiscard]] Result<std::string> RunBacktest(const BacktestOptions& options);

}  // namespace helios::workbench
