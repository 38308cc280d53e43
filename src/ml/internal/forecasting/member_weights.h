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

  /// `origins` newest first, all for the same `horizons`; none gives even weights. Members in `silent` get none.
  MemberWeights(const EnsembleParameters& parameters, const DayShape& shape, std::span<const InnerOrigin> origins,
                std::span<const std::size_t> horizons, const MemberSet& silent = {});

  /// The members that in each band of horizons err `parameters.hopeless` times as much as the best one; never all.
  [[nodiscard]] static MemberSet Hopeless(const EnsembleParameters& parameters, const DayShape& shape,
                                          std::span<const InnerOrigin> origins, std::span<const std::size_t> horizons);

  /// Members without weight at any horizon.
  [[nodiscard]] MemberSet Silent() const;

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

  /// Weighted sums of absolute errors, and of the weights, by band.
  struct Errors {
    std::vector<std::array<double, kMembers>> sums;
    std::vector<double> counts;

    Errors(const HorizonBands& bands, std::span<const InnerOrigin> origins, std::span<const std::size_t> horizons,
           double half_life);
  };

  [[nodiscard]] static Weights FromErrors(const EnsembleParameters& parameters, std::span<const double> errors,
                                          const MemberSet& silent);

  HorizonBands bands_;
  std::vector<Weights> weights_;  // by band
};

}  // namespace helios::ml
