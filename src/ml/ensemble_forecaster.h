// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "ml/forecast_score.h"
#include "ml/internal/backtest.h"
#include "ml/internal/forecasting/ensemble_parameters.h"
#include "ml/internal/forecasting/interval_widths.h"
#include "ml/internal/forecasting/member_panel.h"
#include "ml/internal/forecasting/member_weights.h"
#include "ml/internal/forecasting/prepared_history.h"

namespace helios::ml {

/// Forecasts a series with a daily rhythm, or with none, by a weighted median of eight members: yesterday, the
/// last value, last week, similar days, three searches for similar stretches of the past at any phase, and a
/// direct regression. Weights and widths of intervals come from a backtest on the same history.
///
/// A value: copying it forks its state. Const members are thread-safe. Cost: ensemble_forecaster_bench.cc.
class EnsembleForecaster {
 public:
  struct Judged;

  /// Least history, in days, and the most that is looked at.
  static constexpr std::size_t kLeastDays = 3;
  static constexpr std::size_t kMostDays = 14;

  /// Fits to `values` on a regular step, oldest first, NaN for gaps; `steps_a_day` of them make a day.
  ///
  /// Errors: kFailedPrecondition inference.not_enough_history  less than kLeastDays, or nothing measured in them
  ///         kInvalidArgument inference.bad_step               fewer than eight steps a day
  [[nodiscard]] static Result<EnsembleForecaster> Fit(std::span<const double> values, std::size_t steps_a_day);
  [[nodiscard]] static Result<EnsembleForecaster> Fit(std::span<const double> values, std::size_t steps_a_day,
                                                      const EnsembleParameters& parameters);

  /// Fit(), and how it did on its held-back origins at `steps` (each at least 1; the nearest horizons that the
  /// backtest scores stand for them) with intervals at `level`. Errors: those of Fit().
  [[nodiscard]] static Result<Judged> FitAndJudge(std::span<const double> values, std::size_t steps_a_day,
                                                  std::span<const std::size_t> steps, double level);

  /// Takes the next value in, NaN for a gap; later forecasts start from it. Weights, coefficients and widths stay
  /// as fitted: fit again once a day. O(1), amortised.
  void Append(double value);

  /// Forecasts the next `steps` steps, at most a day of them, with intervals that hold `level` of the values.
  /// Requires 1 <= steps <= steps a day and level in (0, 1).
  [[nodiscard]] IntervalForecast Forecast(std::size_t steps, double level) const;

  /// What was learnt, without the history: a version and 3 KB. Layout: docs/formats/model-artifact.md.
  [[nodiscard]] std::string Save() const;

  /// A forecaster from Save() and the series' values, oldest first: those it was fitted to, and `newer` values after
  /// them, which Append() takes in. From the same history it forecasts the same bits as the one that was saved. What is
  /// missing at its beginning, or more than a day of new values, costs the last digits; less than kLeastDays is
  /// refused. Requires newer <= values.size(). Cost: ensemble_forecaster_bench.cc.
  ///
  /// Errors: kDataCorruption ml.bad_artifact                       not the bytes of a forecaster
  ///         kFailedPrecondition ml.newer_format                   written by a later version
  ///         kFailedPrecondition inference.not_enough_history      as Fit()
  [[nodiscard]] static Result<EnsembleForecaster> Restore(std::string_view saved, std::span<const double> values,
                                                          std::size_t newer);

  [[nodiscard]] std::size_t steps_a_day() const { return history_.shape().day; }
  /// Held-back origins that weights and widths rest on.
  [[nodiscard]] std::size_t backtest_origins() const { return backtest_origins_; }

 private:
  EnsembleForecaster(PreparedHistory history, MemberPanel panel, MemberWeights weights, IntervalWidths widths,
                     std::size_t backtest_origins, std::size_t fitted_values);

  PreparedHistory history_;
  MemberPanel panel_;
  MemberWeights weights_;
  IntervalWidths widths_;
  std::size_t backtest_origins_;
  std::size_t fitted_values_;  // newest ones of the history that it was fitted to
};

/// A fit and what its own backtest measured, in the series' unit.
struct EnsembleForecaster::Judged {
  EnsembleForecaster forecaster;
  std::vector<HorizonBacktest> ensemble;   ///< one for each distinct horizon, oldest origin first
  std::vector<HorizonBacktest> yesterday;  ///< the same values by the same time the day before
  double inside = 0.0;                     ///< of those of the newer half, how many lay in intervals that the older
  double judged = 0.0;                     ///< half had calibrated, and how many there are
};

}  // namespace helios::ml
