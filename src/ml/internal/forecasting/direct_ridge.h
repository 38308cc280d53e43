// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "ml/internal/forecasting/prepared_history.h"

namespace helios::ml {

struct RidgeParameters {
  std::size_t most_origins = 250;  ///< training rows of each regression, evenly spaced
  float half_life_days = 7.0F;     ///< age at which a row counts half
  float shrinkage = 10.0F;         ///< added to the diagonal, times the mean weight of a row
  std::size_t few_days = 8;        ///< with fewer days of rows, a backtest leaves out one day instead of three
};

/// One linear regression per anchor horizon on values, means and profiles around origin and target; between the
/// anchors its coefficients are interpolated. Minimises absolute errors, by one pass of reweighting after a least
/// squares fit, and shrinks towards the mean of the last day.
///
/// For backtests there are also coefficients from all rows but those of the days around an origin: sums over
/// rows are kept by day, so leaving days out costs a subtraction and a solution, not another fit.
class DirectRidge {
 public:
  static constexpr std::size_t kFeatures = 24;
  using Features = std::array<float, kFeatures>;

  /// Fits to all of `history`, and without the days around each of `backtest_origins` as well.
  DirectRidge(const PreparedHistory& history, const RidgeParameters& parameters,
              std::span<const std::size_t> backtest_origins);

  /// For a day of that shape, with nothing in it: to be read from bytes, and checked by Valid().
  explicit DirectRidge(const DayShape& shape);
  [[nodiscard]] bool Valid() const;

  /// Forecasts the steps `horizons` after `origin`, in scaled units. With `fold`, an index of the backtest origins
  /// handed in, by the coefficients that know nothing of that origin's surroundings.
  void Forecast(const PreparedHistory& history, std::size_t origin, std::optional<std::size_t> fold,
                std::span<const std::size_t> horizons, std::span<float> out) const;

 private:
  friend class StateReader;
  friend class StateWriter;
  /// What backtests need is not kept.
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.coefficients_.front());
  }

  /// Coefficients of all anchors, anchor after anchor.
  using Coefficients = std::vector<Features>;

  std::vector<std::size_t> anchors_;
  std::vector<Coefficients> coefficients_;   // of the whole history, then of each left-out day
  std::vector<std::size_t> fold_of_origin_;  // index into coefficients_
};

}  // namespace helios::ml
