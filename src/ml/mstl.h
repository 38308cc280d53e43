// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/exponential_smoothing.h"
#include "ml/model.h"

namespace helios::ml {

/// A series taken apart: values = trend + all seasonal + remainder, each as long as the values.
struct Decomposition {
  std::vector<double> trend;
  std::vector<std::vector<double>> seasonal;  ///< one for each season, in their order
  std::vector<double> remainder;
};

/// Seasonal-trend decomposition by LOESS, in turn for each of `seasons` (in steps, ascending, each at least 2 and at
/// most half of the values), twice over. Seasonal windows are 11, 15, 19, … cycles, the trend's is the usual
/// 1.5 p / (1 - 1.5 / window). Without seasons the trend is one LOESS over a tenth of the values.
/// `values` hold no gap. O(values * (14 + seasons * 200)) flops or so: about 1 ms a season for 4,032 values.
///
/// Sources: Cleveland, Cleveland, McRae & Terpenning, "STL", J. Official Statistics 6 (1990); Bandara, Hyndman &
/// Bergmeir, "MSTL", arXiv:2107.13462 (2021).
[[nodiscard]] Decomposition DecomposeByLoess(std::span<const double> values, std::span<const std::size_t> seasons);

/// MSTL with damped exponential smoothing as its base: the last cycle of each season repeats, and what is left after
/// taking seasons away is smoothed and forecast with a damped trend (exponential_smoothing.h). Updates move the base
/// alone. O(1) an update and a forecast; state: one cycle of each season.
class Mstl {
 public:
  /// Fits to `values`, oldest first, NaN for gaps, at least one known. Seasons as for DecomposeByLoess().
  [[nodiscard]] static Mstl Fit(std::span<const double> values, std::span<const std::size_t> seasons);

  struct Reach {
    std::size_t steps = 1;
    ExponentialSmoothing::Reach base;
  };

  void Update(double value);
  [[nodiscard]] Reach ReachFor(std::size_t steps) const;
  [[nodiscard]] double Predict(const Reach& reach) const;

 private:
  explicit Mstl(ExponentialSmoothing base) : base_(std::move(base)) {}
  Mstl() : base_(SmoothingParameters{}, 0) {}
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.cycles_, self.next_step_, self.base_);
  }
  [[nodiscard]] bool Valid() const;

  /// Sum of the seasons `ahead` steps after the value that Update() meets next.
  [[nodiscard]] double Seasonal(std::size_t ahead) const;

  std::vector<std::vector<double>> cycles_;  // element 0 belongs to step 0, modulo the season
  std::size_t next_step_ = 0;
  ExponentialSmoothing base_;
};

}  // namespace helios::ml
