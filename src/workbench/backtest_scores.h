// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "ml/forecast_score.h"
#include "workbench/regular_series.h"

namespace helios::workbench {

/// What the intervals of a backtest are to hold.
inline constexpr double kBacktestLevel = 0.95;

/// Forecasts `steps` steps after `history`, whose day has `day` steps, with an interval that holds kBacktestLevel.
using BacktestForecaster =
    std::function<Result<ml::IntervalForecast>(std::span<const double> history, std::size_t day, std::size_t steps)>;

/// Scores of one forecaster on one series, as means over the origins.
struct SeriesScore {
  std::string path;
  std::string family;  ///< series of one origin, such as "azurevm"
  ml::ForecastScore hour;
  ml::ForecastScore day;
  double cpu_ms = 0.0;  ///< of a fit and a forecast
};

/// Scores of one forecaster on all series.
struct ForecasterScore {
  std::string name;
  std::vector<SeriesScore> series;
};

/// Means over the series; `relative` ones are geometric means of a series' MASE over the yardstick's.
struct ScoreSummary {
  double relative_hour, hour, relative_day, day;
  double coverage_hour, coverage_day;  ///< per cent
  double msis_hour, msis_day;
  double cpu_ms;
};

/// Lengths of history that `series` is forecast from: eight, evenly spaced over its last 30 %, of at least three days.
[[nodiscard]] std::vector<std::size_t> BacktestOrigins(const RegularSeries& series);

/// What may be looked at from `origin`: the fourteen days before it, or what there is of them.
[[nodiscard]] std::span<const double> BacktestHistory(const RegularSeries& series, std::size_t origin);

/// Steps that are scored as the first hour of a day of `day` steps: at least four.
[[nodiscard]] std::size_t HourSteps(std::size_t day);

/// Forecasts a day from each of BacktestOrigins(), with at most fourteen days of history, and scores the first hour (at
/// least four steps) and the day. Errors: those of `forecaster`.
[[nodiscard]] Result<SeriesScore> ScoreSeries(const RegularSeries& series, const BacktestForecaster& forecaster);

/// `score` and `yardstick` hold the same series in the same order, at least one.
[[nodiscard]] ScoreSummary Summarise(const ForecasterScore& score, const ForecasterScore& yardstick);

/// Of several settings' scores on the same series: each series with the setting that did best on the series of all
/// other families, by the sum of the logarithms of MASE and MSIS of the hour and the day. Requires two families.
[[nodiscard]] std::vector<SeriesScore> LeaveOneFamilyOut(std::span<const ForecasterScore> settings);

}  // namespace helios::workbench
