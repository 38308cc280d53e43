// SPDX-License-Identifier: Apache-2.0
#include "workbench/backtest_command.h"

#include "workbench/csv_series.h"
#include "workbench/manifest.h"

namespace helios::workbench {

Result<std::string> RunBacktest(const BacktestOptions& options) {
  HELIOS_TRY(const auto entries, ReadManifest(options.directory));
  std::string report;
  for (const auto& entry : entries) {
    if (!entry.Has("forecast")) continue;
    HELIOS_TRY(const auto samples, ReadCsvSeries(options.directory / entry.path));
    report += fmt::format("{:<44}{:>8} samples\n", entry.path, samples.size());
  }
  if (report.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.nothing_to_backtest",
                "cannot backtest {}: its manifest has no series for the task 'forecast'", options.directory.string());
  }
  return report;
}

}  // namespace helios::workbench
