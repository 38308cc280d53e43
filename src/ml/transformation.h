// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "ml/model.h"

namespace helios::ml {

/// A change of scale under which a series may be easier to forecast: none, a power, or the logarithm, of values that
/// are not negative. Medians stay medians on the way back.
///
///   Forward(y) = ((y + offset)^lambda - 1) / lambda,  log(y + offset) for lambda 0
///
/// Source: Box & Cox, "An Analysis of Transformations", J. R. Stat. Soc. B 26 (1964).
class Transformation {
 public:
  /// None: values stay as they are, negative ones too.
  Transformation() = default;
  /// Requires 0 <= lambda < 1 and offset > 0.
  Transformation(double lambda, double offset) : lambda_(lambda), offset_(offset) {}

  /// NaN stays NaN; what lies below 0 counts as 0.
  [[nodiscard]] double Forward(double y) const;
  /// Forward()'s inverse; at least 0 where there is a transformation.
  [[nodiscard]] double Back(double transformed) const;
  [[nodiscard]] bool none() const { return lambda_ == 1.0; }
  [[nodiscard]] double lambda() const { return lambda_; }

  /// `values`, each transformed.
  [[nodiscard]] std::vector<double> Forward(std::span<const double> values) const;

  /// What is worth trying on `values` (NaN for gaps): none alone where one is negative or all are zero; else also the
  /// square root and the logarithm, with a twentieth of the mean as their offset, so that zeros do not weigh too much;
  /// and the power of GuerreroLambda(), where `season` has cycles for it and it is not one of these already.
  [[nodiscard]] static std::vector<Transformation> Candidates(std::span<const double> values, std::size_t season = 0);

 private:
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.lambda_, self.offset_);
  }
  [[nodiscard]] bool Valid() const { return none() || (lambda_ >= 0.0 && lambda_ < 1.0 && offset_ > 0.0); }

  double lambda_ = 1.0;
  double offset_ = 0.0;
};

/// The lambda in [0, 1], to a twentieth, under which the standard deviation of a cycle of `season` values grows least
/// with its mean: that for which deviation / mean^(1 - lambda) varies least, in its own mean, over the cycles. Empty
/// where fewer than four cycles are known and vary. Requires values >= 0 or NaN, offset > 0 and season >= 2.
///
/// Source: Guerrero, "Time-series analysis supported by power transformations", Journal of Forecasting 12 (1993).
[[nodiscard]] std::optional<double> GuerreroLambda(std::span<const double> values, double offset, std::size_t season);

/// A model of transformed values, asked in the values' own unit.
template <Model M>
class TransformedModel {
 public:
  using Reach = typename M::Reach;

  /// `model` was fitted to transformed values.
  TransformedModel(M model, const Transformation& transformation)
      : model_(std::move(model)), transformation_(transformation) {}

  void Update(double value) { model_.Update(transformation_.Forward(value)); }
  [[nodiscard]] Reach ReachFor(std::size_t steps) const { return model_.ReachFor(steps); }
  [[nodiscard]] double Predict(const Reach& reach) const { return transformation_.Back(model_.Predict(reach)); }

 private:
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.model_, self.transformation_);
  }

  M model_;
  Transformation transformation_;
};

}  // namespace helios::ml
