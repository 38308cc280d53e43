// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/internal/forecasting/member_weights.h"

namespace helios::ml {

/// Distances from a forecast down to the lower and up to the upper end of its interval, in scaled units.
struct IntervalSides {
  float below;
  float above;
};

/// Widths of intervals, calibrated on held-back origins: each side's scale comes from the usual residual of the
/// horizon, the members' disagreement, the neighbours' outer points and the turbulence of the last hours; how many
/// scales a level needs is the quantile of the residuals that were measured in the same scales.
class IntervalWidths {
 public:
  /// `origins` newest first with the forecasts `combined` made at each, for the same `horizons`.
  IntervalWidths(const EnsembleParameters& parameters, const DayShape& shape, std::span<const InnerOrigin> origins,
                 std::span<const std::vector<CombinedStep>> combined, std::span<const std::size_t> horizons);

  /// Sides of intervals that hold `level` of the values at each of `horizons`; `steps` belongs to them.
  void Sides(std::span<const CombinedStep> steps, std::span<const std::size_t> horizons, double level,
             std::vector<IntervalSides>& out) const;

 private:
  /// A residual measured in scales.
  struct Ratio {
    float ratio;
    float weight;
  };

  static void AddExperience(float share, float factor, std::vector<Ratio>& ratios);
  [[nodiscard]] float Usual(std::size_t horizon) const;
  [[nodiscard]] IntervalSides Scales(const CombinedStep& step, std::size_t horizon, float turbulence) const;
  [[nodiscard]] float Factor(std::size_t band, double level) const;
  [[nodiscard]] float Turbulence(std::span<const float> hour_errors, std::size_t newest) const;

  EnsembleParameters parameters_;
  DayShape shape_;
  HorizonBands bands_;
  std::vector<float> usual_;                // mean residual, by band
  std::vector<std::vector<Ratio>> ratios_;  // ascending, by band
  float turbulence_ = 1.0F;                 // now
};

}  // namespace helios::ml
