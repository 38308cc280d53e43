// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/model.h"

namespace helios::ml {

/// Weights of ExponentialSmoothing; each in [0, 1], `damping` and `memory` in [0, 1).
struct SmoothingParameters {
  double level = 0.5;      ///< alpha: share of a surprise that shifts the level for good
  double trend = 0.0;      ///< beta*: share of a level shift that becomes slope; 0 for no trend
  double damping = 0.9;    ///< phi: what is left of the slope one step later
  double season = 0.0;     ///< gamma*: share of what the level did not take that the phase keeps
  double transient = 0.0;  ///< kappa*: share of what the level did not take that fades
  double memory = 0.0;     ///< rho: what is left of that one step later

  bool operator==(const SmoothingParameters&) const = default;
};

/// Exponential smoothing with a damped trend, an additive season and a transient that fades, in
/// innovations form. With e the one-step error, m the season's length and u the transient:
///
///   y(t+h | t) = l + (phi + … + phi^h) b + s(t+h-m) + rho^h u
///   l += phi b + alpha e,   b = phi b + alpha beta* e,   s(t) = s(t-m) + (1-alpha) gamma* e,
///   u = rho u + (1-alpha) kappa* e
///
/// Simple smoothing, damped Holt and damped Holt-Winters are the cases without the other terms; the
/// transient lets a burst or a dip fade back to the season instead of lasting for ever.
/// While little was seen the weights are at least those of a plain mean: the level's 1/t without a
/// season, the season's 1/k in its k-th round. The first season only sets the starting values.
/// At a gap the state moves on as forecast. O(1) an update and a forecast.
///
/// Sources: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., sections 8.1 to
/// 8.5; Hyndman, Koehler, Ord & Snyder, "Forecasting with Exponential Smoothing" (2008), chapter 2;
/// the transient after the autoregressive term of Taylor, "Short-term electricity demand forecasting
/// using double seasonal exponential smoothing", J. Oper. Res. Soc. 54 (2003).
class ExponentialSmoothing {
 public:
  /// `season` in steps; 0 or 1 for none.
  ExponentialSmoothing(const SmoothingParameters& parameters, std::size_t season);

  struct Reach {
    std::size_t offset = 0;  ///< phases ahead of the one that Update() meets next
    double slope = 0.0;      ///< phi + … + phi^h
    double fade = 0.0;       ///< rho^h
  };

  void Update(double value);
  [[nodiscard]] Reach ReachFor(std::size_t steps) const;
  [[nodiscard]] double Predict(const Reach& reach) const;

  [[nodiscard]] const SmoothingParameters& parameters() const { return parameters_; }
  [[nodiscard]] std::size_t season() const { return phases_.size(); }
  /// The same state under other weights; the first season's state does not depend on them.
  [[nodiscard]] ExponentialSmoothing With(const SmoothingParameters& parameters) const;

 private:
  ExponentialSmoothing() = default;
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.parameters_.level, self.parameters_.trend, self.parameters_.damping, self.parameters_.season,
      self.parameters_.transient, self.parameters_.memory, Any(self.phases_), self.next_phase_, self.round_,
      self.phase_weight_, self.level_, self.slope_, self.transient_, self.seen_);
  }
  [[nodiscard]] bool Valid() const;

  void UpdateFirstSeason(double value);

  SmoothingParameters parameters_;
  std::vector<double> phases_;  // empty without a season
  std::size_t next_phase_ = 0;
  std::size_t round_ = 0;  // seasons completed
  double phase_weight_ = 0.0;
  double level_ = 0.0;
  double slope_ = 0.0;
  double transient_ = 0.0;
  double seen_ = 0.0;  // finite values so far
};

/// The weights with the least mean absolute error at `steps` ahead within `values` (NaN for gaps):
/// coordinate descent over a fixed grid of weights, so the same input always gives the same answer.
/// With a season, `values` needs more than one of it; else the defaults come back.
/// About 25 passes over `values`. Requires at least one entry in `steps`, each >= 1.
[[nodiscard]] SmoothingParameters FindSmoothingParameters(std::span<const double> values, std::size_t season,
                                                          std::span<const std::size_t> steps);

}  // namespace helios::ml
