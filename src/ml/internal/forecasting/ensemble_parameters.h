// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "ml/internal/forecasting/day_shape.h"
#include "ml/internal/forecasting/direct_ridge.h"
#include "ml/internal/forecasting/neighbour_search.h"

namespace helios::ml {

/// Every constant of the ensemble. The optima are flat: halving or doubling one costs 1 to 3 % of error where
/// nothing else is said.
struct EnsembleParameters {
  NeighbourParameters near_term;       ///< short window, almost free of the clock: best within the hours to come
  NeighbourParameters day_ahead;       ///< longer window, prefers the same time of day
  NeighbourParameters deseasonalised;  ///< on the series less its median day
  RidgeParameters ridge;

  // The backtest that weighs members and widths.
  std::size_t origins = 32;     ///< 16 are enough for the weights, not for 95 % intervals
  double origin_stride = 0.29;  ///< days between two; visits all times of the day
  double least_history = 1.5;   ///< days before the oldest origin

  // Weights of the members.
  float weight_half_life = 16.0F;  ///< origins
  float weight_power = 3.0F;       ///< 2 costs 2 % in the first hour
  float least_error = 0.02F;       ///< added to errors as a share of the best
  float even_share = 0.03F;        ///< of the weight that all members have alike

  // Widths of intervals.
  float width_half_life = 30.0F;  ///< origins
  float spread_share = 1.2F;      ///< of the members' disagreement in the width
  float opinion_share = 0.7F;     ///< of the neighbours' outer points in the width
  float turbulence_power = 0.3F;  ///< of the recent first-hour error against its mean
  float widen_first = 1.0F;       ///< factor on the width at the first step, for intervals too narrow by experience
  float widen_last = 1.0F;        ///< the same at the last step of the day

  /// The defaults for series with that many steps a day.
  static EnsembleParameters For(const DayShape& shape) {
    EnsembleParameters p;
    if (shape.fine) {
      p.near_term = {.window = 16, .count = 30, .clock = 0.2F, .spacing = 0.2F, .shift = 0.3F, .rank_decay = 0.8F};
      p.day_ahead = {.window = 24,
                     .count = 20,
                     .clock = 2.0F,
                     .week = 0.3F,
                     .spacing = 0.25F,
                     .shift = 0.2F,
                     .shift_decay = 0.25F};
      p.deseasonalised = p.day_ahead;
      p.deseasonalised.clock = 0.5F;
      p.deseasonalised.shift = 0.5F;
    } else {
      p.near_term = {
          .window = 2, .count = 9, .clock = 4.0F, .age = 0.1F, .spacing = 0.1F, .shift = 0.4F, .rank_decay = 0.8F};
      p.day_ahead = {
          .window = 8, .count = 12, .clock = 3.0F, .week = 0.3F, .age = 0.1F, .spacing = 0.1F, .shift = 0.2F};
      p.deseasonalised = {
          .window = 6, .count = 12, .clock = 1.0F, .week = 0.3F, .age = 0.1F, .spacing = 0.1F, .shift = 0.4F};
      p.widen_first = 1.05F;
      p.widen_last = 1.10F;
    }
    return p;
  }
};

}  // namespace helios::ml
