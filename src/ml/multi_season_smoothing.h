// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/model.h"

namespace helios::ml {

/// Weights of MultiSeasonSmoothing; each in [0, 1], `damping` and `memory` in [0, 1).
struct MultiSeasonParameters {
  double level = 0.05;     ///< alpha: share of a surprise that shifts the level for good
  double trend = 0.0;      ///< beta*: share of a level shift that becomes slope; 0 for no trend
  double damping = 0.9;    ///< phi: what is left of the slope one step later
  double season = 0.1;     ///< gamma: share of what the level did not take that the seasons keep, in equal parts
  double transient = 0.6;  ///< kappa: share of what the level did not take that fades
  double memory = 0.92;    ///< rho: what is left of that one step later

  bool operator==(const MultiSeasonParameters&) const = default;
};

/// Exponential smoothing with a damped trend, several additive seasons and a transient that fades: with e the one-step
/// error, m_i the seasons' lengths and u the transient,
///
///   y(t+h | t) = l + (phi + … + phi^h) b + sum_i s_i(t+h) + rho^h u
///   l += phi b + alpha e,  b = phi b + alpha beta* e,  s_i(t) += (1-alpha) gamma / I e,  u = rho u + (1-alpha) kappa e
///
/// The seasons start as means by phase, shortest first, each of what the ones before left over. Several seasons at
/// once are Taylor's, with one weight for all of them: a daily and a weekly one of fourteen days cannot tell two apart.
/// At a gap the state moves on as forecast. O(seasons) an update and a forecast; state: one cycle of each season.
///
/// Sources: Taylor, "Short-term electricity demand forecasting using double seasonal exponential smoothing", J. Oper.
/// Res. Soc. 54 (2003); Hyndman, Koehler, Ord & Snyder, "Forecasting with Exponential Smoothing" (2008), chapter 14.
class MultiSeasonSmoothing {
 public:
  /// Fits to `values`, oldest first, NaN for gaps, at least one known; |value| <= 1e100. Seasons in steps, ascending,
  /// each at least 2 and at most half of the values. The weights have the least mean absolute error at 1 step, a 24th
  /// of the shortest season and that season, by coordinate descent: about 40 passes over the values.
  [[nodiscard]] static MultiSeasonSmoothing Fit(std::span<const double> values, std::span<const std::size_t> seasons);

  struct Reach {
    std::size_t steps = 1;
    double slope = 0.0;  ///< phi + … + phi^h
    double fade = 0.0;   ///< rho^h
  };

  void Update(double value);
  [[nodiscard]] Reach ReachFor(std::size_t steps) const;
  [[nodiscard]] double Predict(const Reach& reach) const;

  [[nodiscard]] const MultiSeasonParameters& parameters() const { return parameters_; }
  /// The same state under other weights.
  [[nodiscard]] MultiSeasonSmoothing With(const MultiSeasonParameters& parameters) const;

 private:
  MultiSeasonSmoothing() = default;
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.parameters_.level, self.parameters_.trend, self.parameters_.damping, self.parameters_.season,
      self.parameters_.transient, self.parameters_.memory, self.cycles_, self.next_step_, self.level_, self.slope_,
      self.transient_);
  }
  [[nodiscard]] bool Valid() const;

  [[nodiscard]] double Seasonal(std::size_t ahead) const;

  MultiSeasonParameters parameters_;
  std::vector<std::vector<double>> cycles_;  // element 0 belongs to step 0, modulo the season
  std::size_t next_step_ = 0;
  double level_ = 0.0;
  double slope_ = 0.0;
  double transient_ = 0.0;
};

}  // namespace helios::ml
