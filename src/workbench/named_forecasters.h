// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ml/forecast_score.h"

namespace helios::workbench {

/// Forecasts the `steps` steps after `history`, whose day has `day` steps, with an interval that holds `level`.
struct NamedForecaster {
  std::string name;
  std::function<Result<ml::IntervalForecast>(std::span<const double> history, std::size_t day, std::size_t steps,
                                             double level)>
      forecast;
};

/// One for each model of ml/fitted_model.h, and XGBoost where the build has it; fitted to each history anew with the
/// seasons it finds; rows of the backtest's table by model.
[[nodiscard]] std::vector<NamedForecaster> NamedForecasters();

}  // namespace helios::workbench
