// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "ml/model.h"

namespace helios::ml {

/// Forecasts the value of the same phase of the last season: the yardstick for every other model.
///
/// A phase that was a gap in the last season takes its value of the season before, and so on; a phase
/// never seen, and a season of 0 or 1 steps, forecast the last value (the naive method).
/// O(1) an update and a forecast; state: one season of doubles.
///
/// Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.2.
class SeasonalNaive {
 public:
  /// `season` in steps, so 288 for five-minute values with a daily season.
  explicit SeasonalNaive(std::size_t season);

  struct Reach {
    std::size_t offset = 0;  ///< phases ahead of the one that Update() writes next
  };

  void Update(double value);
  [[nodiscard]] Reach ReachFor(std::size_t steps) const;
  [[nodiscard]] double Predict(Reach reach) const;
  [[nodiscard]] std::size_t season() const { return last_season_.size() < 2 ? 0 : last_season_.size(); }

 private:
  SeasonalNaive() = default;
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(Any(self.last_season_), self.next_phase_, self.last_);
  }
  [[nodiscard]] bool Valid() const;

  std::vector<double> last_season_;  // NaN where never seen; empty without a season
  std::size_t next_phase_ = 0;
  double last_ = 0.0;
};

/// Standard deviation of the seasonal-naive forecast `step` steps ahead.
///
/// `residual_sigma` is the one-step residuals' standard deviation, in the series' own unit;
/// `season` is the season's length in steps, so 24 for hourly samples with a daily season.
/// Requires step >= 1 and season >= 1.
///
/// Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.5.
[[nodiscard]] double SeasonalNaiveSigma(double residual_sigma, std::size_t step, std::size_t season);

}  // namespace helios::ml
