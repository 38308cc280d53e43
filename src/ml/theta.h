// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/model.h"

namespace helios::ml {

/// The theta method with two lines, as simple smoothing of the deseasonalised series with half its slope as drift:
///
///   y(t+h | t) = (l + b/2 (h - 1 + (1 - (1-a)^n) / a)) season(t+h)   or  … + season(t+h)
///
/// with the level l smoothed by weight a, the slope b of a straight line through the fitted values, and n values seen.
/// The season is classical: means by phase of what a moving average leaves. It multiplies where every fitted value is
/// positive and no phase falls below a tenth, else it adds; it is used where the autocorrelation one season apart is
/// significant at 90 %. Updates move the level alone. O(1) an update and a forecast; a fit is O(values * season).
///
/// Sources: Assimakopoulos & Nikolopoulos, "The theta model", Int. J. Forecasting 16 (2000); Hyndman & Billah,
/// "Unmasking the Theta method", Int. J. Forecasting 19 (2003).
class Theta {
 public:
  /// Fits to `values`, oldest first, NaN for gaps (passed over by a straight line), at least one known;
  /// |value| <= 1e100. `season` in steps; 0 or 1, or more than half of the values, for none.
  [[nodiscard]] static Theta Fit(std::span<const double> values, std::size_t season);

  struct Reach {
    std::size_t offset = 0;  ///< phases ahead of the one that Update() meets next
    double steps = 1.0;
  };

  void Update(double value);
  [[nodiscard]] Reach ReachFor(std::size_t steps) const;
  [[nodiscard]] double Predict(const Reach& reach) const;

  [[nodiscard]] double weight() const { return weight_; }
  [[nodiscard]] double slope() const { return slope_; }
  /// Season's length in steps; 0 where none is used.
  [[nodiscard]] std::size_t season() const { return phases_.size(); }
  [[nodiscard]] bool multiplicative() const { return multiplicative_; }

 private:
  Theta() = default;
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.phases_, self.multiplicative_, self.next_phase_, self.weight_, self.slope_, self.level_, self.faded_);
  }
  [[nodiscard]] bool Valid() const;

  [[nodiscard]] double Adjusted(double value) const;

  std::vector<double> phases_;
  bool multiplicative_ = false;
  std::size_t next_phase_ = 0;
  double weight_ = 1.0;
  double slope_ = 0.0;
  double level_ = 0.0;
  double faded_ = 1.0;  // (1 - a)^n
};

}  // namespace helios::ml
