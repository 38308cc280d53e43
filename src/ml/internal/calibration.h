// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/internal/backtest.h"
#include "ml/internal/level_table.h"

namespace helios::ml {

/// Turns held-back errors into the half-width of a forecast interval, at any horizon and level.
///
/// Where a horizon has enough errors, the half-width is conformal: the smallest of its absolute errors
/// that covers `level` of them, with the finite-sample correction level * (1 + 1/e). e is the number of
/// *independent* errors, for errors of overlapping forecasts say the same thing again and again.
/// With too few for that level, it is the root mean square error times Student's t for e degrees and
/// sqrt(1 + 1/e), and no less than the largest error. Beyond the last horizon with errors it grows as
/// (h / h0)^p, p measured where it can be and 1/2 (a random walk) where not.
/// It never shrinks as the horizon grows. Of the errors a table by level is kept (level_table.h), not each of them.
///
/// Sources: Lei et al., "Distribution-Free Predictive Inference for Regression", JASA 113 (2018);
/// Bayley & Hammersley, "The Effective Number of Independent Observations in an Autocorrelated Time
/// Series", J. R. Stat. Soc. Suppl. 8 (1946), for e.
class Calibration {
 public:
  /// `backtests` ascending by steps; points before `first` or whose target is after `last` are left out.
  /// `floor` is the least root mean square error believed where errors are too few, in the series' unit.
  Calibration(std::span<const HorizonBacktest> backtests, double floor, std::size_t first, std::size_t last);

  /// Half-widths at `steps`, ascending and >= 1 (fractions allowed), for 0 < level < 1.
  [[nodiscard]] std::vector<double> HalfWidths(std::span<const double> steps, double level) const;

 private:
  friend class StateReader;
  friend class StateWriter;
  struct Anchor {
    double steps = 1.0;
    double independent = 1.0;  // e
    double rms = 0.0;
    float largest = 0.0F;    // absolute error
    LevelTable conformal{};  // as far as e errors can tell a level
    template <class Self, class F>
    static void Fields(Self& self, F& f) {
      f(self.steps, self.independent, self.rms, self.largest, self.conformal);
    }
  };
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.anchors_, self.growth_, self.floor_);
  }

  Calibration() = default;
  [[nodiscard]] bool Valid() const;
  [[nodiscard]] double AtAnchor(const Anchor& anchor, double level) const;

  std::vector<Anchor> anchors_;  // those with at least two errors, ascending
  double growth_ = 0.5;          // p
  double floor_ = 0.0;
};

}  // namespace helios::ml
