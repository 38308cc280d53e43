// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>

#include "ml/fitted_model.h"
#include "ml/forecast.h"

namespace helios::workbench {

using FitNamedModel = std::function<Result<std::unique_ptr<ml::FittedModel>>(const ml::RegularHistory&)>;

/// How a model does on what it has not seen: fitted to the first 60 % of `history`, moved on through the rest,
/// forecasting from at most 48 evenly spaced origins there, at each of `steps` (ascending). Coverage is that of its
/// intervals at `level`; MASE is scaled by the differences one `season` of steps apart, or one step where it is 0. What
/// cannot be measured is empty: a history too short for the fit or for the steps.
[[nodiscard]] ml::BacktestMetrics BacktestNamedModel(const FitNamedModel& fit, const ml::RegularHistory& history,
                                                     std::span<const std::size_t> steps, std::size_t season,
                                                     double level);

}  // namespace helios::workbench
