// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/prophet.h"

namespace helios::ml {

/// What the posterior is made of, in scaled units. Columns have t.size() values.
struct ProphetProblem {
  ProphetGrowth growth = ProphetGrowth::kLinear;
  std::vector<double> t;  ///< 0 to 1, ascending
  std::vector<double> y;
  std::vector<double> capacity;      ///< logistic growth alone
  std::vector<double> changepoints;  ///< ascending
  std::vector<double> features;      ///< one column after another
  std::vector<double> prior_scales;  ///< of each feature
  std::vector<char> multiplicative;  ///< of each feature: a share of the trend
  double changepoint_prior_scale = 0.05;
};

/// The trend's exponent (logistic) or value (linear, flat) at scaled time `t`.
[[nodiscard]] double ProphetTrendBase(ProphetGrowth growth, const ProphetParameters& parameters,
                                      std::span<const double> changepoints, double t);

/// 1 / (1 + exp(-x)) without overflow.
[[nodiscard]] double Logistic(double x);

/// The mode of the posterior, found from `start`.
///
/// The model is linearised around the present parameters (Gauss-Newton; exact at once when it is additive and not
/// logistic), so that what is minimised needs sums of products alone. That problem, a quadratic with the Laplace
/// prior's |delta| rounded to sqrt(delta^2 + e^2), is solved by L-BFGS in turn with the noise, whose best value is
/// known in closed form.
[[nodiscard]] ProphetParameters FitProphetMap(const ProphetProblem& problem, const ProphetParameters& start);

}  // namespace helios::ml
