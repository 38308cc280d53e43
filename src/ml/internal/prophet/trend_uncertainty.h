// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace helios::ml {

/// The sum of normal noise and of what future changes of slope add to a straight trend. Changes come as a Poisson
/// process with `rate` a unit of time, each Laplace distributed with mean size `size`; after `distance` units the
/// sum of their effects, times `weight`, has the characteristic function
///
///   exp(rate * distance * (atan(a u) / (a u) - 1)),  a = weight * size * distance,
///
/// for a change at time c adds weight * delta * (distance - c), whose mean over c uniform is the bracket. Symmetric
/// about 0.
struct TrendNoise {
  double rate = 0.0;      ///< >= 0
  double size = 0.0;      ///< >= 0
  double distance = 0.0;  ///< beyond the history; 0 or less: no changes yet
  double weight = 1.0;
  double sigma = 1.0;  ///< of the normal noise, > 0
};

/// The value that a share `probability`, in (0, 1), stays below. By the inversion formula of Gil-Pelaez (1951) with
/// the trapezoid rule, to about 1e-6 of its spread; 20 to 4,096 terms, usually a microsecond.
[[nodiscard]] double TrendNoiseQuantile(const TrendNoise& noise, double probability);

/// Draws of future changes of slope, with a seed that never changes: the same inputs give the same draws.
class SlopeChanges {
 public:
  static constexpr std::size_t kDraws = 1'000;

  /// Changes after time 1 up to time `last`. Draws agree on what they share, whatever `last` is.
  SlopeChanges(double rate, double size, double last);

  /// What the changes of draw `i` add to the trend's base at time `t` > 1.
  [[nodiscard]] double At(std::size_t draw, double t) const;
  /// A standard normal value of draw `i`; over all draws evenly spread over the distribution.
  [[nodiscard]] double Normal(std::size_t draw) const { return normals_[draw]; }

 private:
  struct Change {
    double time;
    double delta;
  };

  std::vector<std::size_t> begins_;  // of each draw's changes, and the end
  std::vector<Change> changes_;
  std::vector<double> normals_;
};

}  // namespace helios::ml
