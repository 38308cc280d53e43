// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace helios::ml {

/// A forecast of consecutive steps: element h belongs to the step h + 1 after the origin, in the series' unit.
/// The three have one length; lower <= value <= upper, all finite.
struct IntervalForecast {
  std::vector<double> value;
  std::vector<double> lower;
  std::vector<double> upper;
};

/// How a forecast did, as means over its steps. Without unit: errors are divided by a scale of the history.
struct ForecastScore {
  double mase = 0.0;      ///< mean absolute error over the scale
  double msis = 0.0;      ///< mean interval score over the scale
  double coverage = 0.0;  ///< share of the values inside their interval, 0 to 1
  std::size_t steps = 0;  ///< values that were scored: those that are known
};

/// Mean absolute difference between values one `season` apart: the error that the seasonal naive makes within
/// the history. Pairs with a NaN are left out; 0 without a pair. Requires season >= 1.
///
/// Source: Hyndman & Koehler, "Another look at measures of forecast accuracy", 2006.
[[nodiscard]] double SeasonalNaiveScale(std::span<const double> history, std::size_t season);

/// Scores the first `steps` of `forecast` against `actual` (NaN where unknown, which is passed over).
///
/// The interval score of one value is the width, plus 2 / (1 - level) times the distance to the interval of a
/// value outside. Requires scale > 0, level in (0, 1), and `steps` of both.
///
/// Source: Makridakis et al., "The M4 Competition", 2020 (MASE, MSIS); Gneiting & Raftery, 2007 (the score).
[[nodiscard]] ForecastScore ScoreForecast(std::span<const double> actual, const IntervalForecast& forecast,
                                          std::size_t steps, double scale, double level);

/// Means of MASE, MSIS and coverage over scores that count alike; zeros for none.
[[nodiscard]] ForecastScore MeanScore(std::span<const ForecastScore> scores);

/// Where a backtest forecasts from: `count` lengths of history, evenly spaced over the last `share` of `size`
/// values, the first at the beginning of that share and the last so that `horizon` values follow it. Ascending,
/// without repetition; those with less than `least` values before them are left out, and all of them where the
/// share is shorter than the horizon.
[[nodiscard]] std::vector<std::size_t> RollingOrigins(std::size_t size, std::size_t horizon, std::size_t least,
                                                      std::size_t count, double share);

/// Seasonal naive with a normal interval from its errors within `history`, which holds no NaN and more than one
/// season: the yardstick of every backtest. `steps` <= season. Never below zero when the history is not.
[[nodiscard]] IntervalForecast YardstickForecast(std::span<const double> history, std::size_t season, std::size_t steps,
                                                 double level);

}  // namespace helios::ml
