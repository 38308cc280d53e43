// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "ml/internal/forecasting/member_panel.h"

namespace helios::ml {

/// One held-back origin: what the members said, and what came.
struct InnerOrigin {
  std::size_t origin = 0;
  OriginView view;
  std::vector<float> actual;  ///< of the first horizons, as far as it is known; NaN where it was not measured
};

/// The ensemble's forecast of one step, in scaled units, and what its uncertainty is judged by.
struct CombinedStep {
  float value;
  float spread;  ///< weighted mean distance of the members
  float below;   ///< from the value down to the neighbours' lower point; 0 where that is above
  float above;
};

/// Weights of the members by horizon, from how each did on held-back origins.
class MemberWeights {
 public:
  using Weights = std::array<float, kMembers>;

  /// `origins` newest first, all for the same `horizons`; none gives even weights.
  MemberWeights(const EnsembleParameters& parameters, const DayShape& shape, std::span<const InnerOrigin> origins,
                std::span<const std::size_t> horizons);

  /// For a day of that shape, with nothing in it: to be read from bytes, and checked by Valid().
  explicit MemberWeights(const DayShape& shape);
  [[nodiscard]] bool Valid() const;

  /// Sum 1.
  [[nodiscard]] Weights At(std::size_t horizon) const;

  /// Weighted medians of `view`, which was asked for `horizons`.
  void Combine(const OriginView& view, std::span<const std::size_t> horizons, std::vector<CombinedStep>& out) const;

 private:
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.weights_);
  }

  [[nodiscard]] static Weights FromErrors(const EnsembleParameters& parameters, std::span<const double> errors);

  HorizonBands bands_;
  std::vector<Weights> weights_;  // by band
};

}  // namespace helios::ml
