// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace helios::workbench {

struct ForecastCommandOptions {
  std::filesystem::path file;              ///< one series, CSV or JSON (history_file.h)
  std::string model = "automatic";         ///< or one of ForecastModelNames()
  std::vector<std::string> horizons = {};  ///< durations (duration_text.h); empty: 15, 30 and 60 minutes
  std::size_t steps = 0;                   ///< instead: so many steps of the series, each of at least a minute
  std::string until = {};                  ///< instead: every step until this time, RFC 3339
  std::vector<double> levels = {0.95};     ///< of the intervals, each in (0, 1)
  std::vector<std::string> seasons = {};   ///< durations; for named models that have a season
  std::string unit = {};                   ///< of the values, for table and drawing
  std::filesystem::path plot = {};         ///< where to draw it as SVG; empty for nowhere
  bool counter = false;                    ///< the file holds a counter: forecast its rate a second (ml/counter_rate.h)
  bool json = false;                       ///< one JSON object, as POST /predict answers, instead of a table
};

/// Forecasts one series, and says by which model, why, how that model did on held-back values, and what it expects.
///
/// The JSON is the answer of POST /predict; each point has "intervals" besides, with {"level", "lower", "upper"} for
/// each level, of which the first is also confidence_lower and confidence_upper.
///
/// Errors: those of ReadHistory(), ParseMinutes(), ForecastSeries() and WriteFileAtomically();
/// kInvalidArgument workbench.bad_flags where horizons, steps and until are not told apart, or lead nowhere.
[[nodiscard]] Result<std::string> RunForecast(const ForecastCommandOptions& options);

}  // namespace helios::workbench
