// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/internal/forecasting/member_weights.h"
#include "ml/internal/level_table.h"

namespace helios::ml {

/// Distances from a forecast down to the lower and up to the upper end of its interval, in scaled units.
struct IntervalSides {
  float below;
  float above;
};

/// Widths of intervals, calibrated on held-back origins: each side's scale comes from the usual residual of the
/// horizon, the members' disagreement, the neighbours' outer points and the turbulence of the last hours; how many
/// scales a level needs is the quantile of the residuals that were measured in the same scales, of which a table by
/// level is kept (level_table.h).
class IntervalWidths {
 public:
  /// `origins` newest first with the forecasts `combined` made at each, for the same `horizons`.
  IntervalWidths(const EnsembleParameters& parameters, const DayShape& shape, std::span<const InnerOrigin> origins,
                 std::span<const std::vector<CombinedStep>> combined, std::span<const std::size_t> horizons);

  /// For a day of that shape, with nothing in it: to be read from bytes, and checked by Valid().
  explicit IntervalWidths(const DayShape& shape);
  [[nodiscard]] bool Valid() const;

  /// Sides of intervals that hold `level` of the values at each of `horizons`; `steps` belongs to them.
  void Sides(std::span<const CombinedStep> steps, std::span<const std::size_t> horizons, double level,
             std::vector<IntervalSides>& out) const;

 private:
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.spread_share_, self.opinion_share_, self.widen_first_, self.widen_last_, self.turbulence_, self.usual_,
      self.factors_);
  }
  /// How many scales each level needs.
  struct Factors {
    LevelTable at{};
    float most = 0.0F;
    template <class Self, class F>
    static void Fields(Self& self, F& f) {
      f(self.at, self.most);
    }
  };

  /// A residual measured in scales.
  struct Ratio {
    float ratio;
    float weight;
  };

  static void AddExperience(const EnsembleParameters& parameters, float factor, std::vector<Ratio>& ratios);
  [[nodiscard]] float Usual(std::size_t horizon) const;
  [[nodiscard]] IntervalSides Scales(const CombinedStep& step, std::size_t horizon, float turbulence) const;
  [[nodiscard]] static Factors FactorsOf(const EnsembleParameters& parameters,
                                         std::span<const std::vector<Ratio>> ratios, std::size_t band);
  [[nodiscard]] static float Turbulence(const EnsembleParameters& parameters, std::span<const float> hour_errors,
                                        std::size_t newest);

  DayShape shape_;
  HorizonBands bands_;
  float spread_share_ = 0.0F;
  float opinion_share_ = 0.0F;
  float widen_first_ = 1.0F;
  float widen_last_ = 1.0F;
  float turbulence_ = 1.0F;       // now
  std::vector<float> usual_;      // mean residual, by band
  std::vector<Factors> factors_;  // by band
};

}  // namespace helios::ml
