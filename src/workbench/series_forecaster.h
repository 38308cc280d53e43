// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/forecast.h"

namespace helios::workbench {

/// The model that is chosen by backtest, rather than named.
inline constexpr std::string_view kAutomatic = "automatic";

/// kAutomatic and the models that can be named: those of ml/fitted_model.h, and XGBoost where the build has it.
[[nodiscard]] std::vector<std::string_view> ForecastModelNames();

struct ForecastRequest {
  std::string model{kAutomatic};
  std::vector<std::chrono::minutes> horizons;  ///< what is asked for
  std::vector<double> levels = {0.95};         ///< each in (0, 1); the backtest's coverage is that of the first
  std::vector<std::chrono::milliseconds> seasons = {};  ///< for named models with a season; empty: a day and a week
  bool line = false;                                    ///< also at every step up to the longest horizon
};

/// A forecast of one series at several levels.
struct LevelForecast {
  std::string model;                                   ///< the name of the one that serves
  ml::SeriesForecast summary;                          ///< its points are those of the first level
  std::vector<std::vector<ml::ForecastPoint>> points;  ///< of each level, at the horizons asked for
  std::vector<std::vector<ml::ForecastPoint>> line;    ///< of each level, a step apart, at least a minute
};

/// Forecasts `history` by the model that is named.
///
/// kAutomatic is ml::FitForecaster(). A named model is fitted to the history on its working step (grid.h); what its
/// metrics say is measured with a second fit, to the first 60 %, that is moved on through the rest without a refit and
/// forecasts from at most 48 origins there; MASE is scaled by the seasonal naive, or the naive without a season.
///
/// Errors: kInvalidArgument workbench.unknown_model  no such model
///         kInvalidArgument inference.bad_model_options  a season that the model cannot take, or of no whole steps
///         those of ml::FitForecaster(), ml::FitModel() and ml::FitXgboost()
[[nodiscard]] Result<LevelForecast> ForecastSeries(std::span<const ml::Sample> history, const ForecastRequest& request);

}  // namespace helios::workbench
