// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "ml/internal/forecasting/day_members.h"
#include "ml/internal/forecasting/day_shape.h"
#include "ml/internal/forecasting/direct_ridge.h"
#include "ml/internal/forecasting/neighbour_search.h"
#include "ml/internal/forecasting/variance_shift.h"

namespace helios::ml {

inline constexpr std::size_t kSearches = 5;

/// Every constant of the ensemble. The optima are flat: halving or doubling one costs 1 to 3 % of error where
/// nothing else is said.
struct EnsembleParameters {
  /// Searches for similar stretches, in the order of the members kNearTerm to kLongDepartures: a short window,
  /// almost free of the clock, best within the hours to come; a longer one that prefers the same time of day; the
  /// same on departures from the usual day; a stretch of hours at any phase; and one of a third of a day.
  std::array<NeighbourParameters, kSearches> searches;
  RidgeParameters ridge;
  DayMemberParameters days;

  // The backtest that weighs members and widths.
  std::size_t origins = 32;     ///< 16 are enough for the weights, not for 95 % intervals
  double origin_stride = 0.29;  ///< days between two; visits all times of the day
  double least_history = 1.5;   ///< days before the oldest origin

  // Members that the newest origins find hopeless are not asked again, and say nothing.
  std::size_t trial_origins = 8;  ///< origins that every member is asked at
  float hopeless = 4.0F;          ///< times the error of the best in each band of horizons; 3 costs 1 % a day ahead

  // Weights of the members: from each one's error, then tuned to the error of what they say together.
  float weight_half_life = 16.0F;   ///< origins
  float weight_power = 3.0F;        ///< 2 costs 2 % in the first hour
  float least_error = 0.02F;        ///< added to errors as a share of the best
  float even_share = 0.03F;         ///< of the weight that all members have alike
  std::size_t tuning_rounds = 4;    ///< none costs 2 % a day ahead
  float tuning_step = 0.15F;        ///< of the weight that one round moves to a member
  float tuning_share = 0.5F;        ///< of the tuned weights in the result; 1 costs 4 % a day ahead
  float tuning_half_life = 60.0F;   ///< origins
  std::size_t tuning_thinning = 3;  ///< of so many horizons beyond the first hour, one tunes

  // Widths of intervals.
  float width_half_life = 50.0F;      ///< origins
  float spread_share = 1.4F;          ///< of the members' disagreement in the width
  float opinion_share = 0.45F;        ///< of the neighbours' outer points in the width
  float turbulence_power = 0.4F;      ///< of the recent first-hour error against its mean
  std::size_t turbulent_origins = 4;  ///< newest ones that are recent
  float turbulence_shrinkage = 2.0F;  ///< origins of mean turbulence that are added to the measured ones
  float near_band_share = 0.3F;       ///< what residuals count in the two neighbouring bands of horizons
  std::size_t fewest_ratios = 8;      ///< residuals without which a band of horizons relies on the one before
  float unknown_factor = 3.0F;        ///< scales that any level needs where nothing has been measured

  // What residuals of any series look like in their scales, beside those measured: 95 % within 1, from
  // `own_shape_level` on an exponential distribution, beyond 95 % a heavier tail, and beneath shaped as the series'
  // own.
  float prior_share = 0.5F;       ///< what that counts against the measured residuals
  std::size_t prior_points = 40;  ///< that stand for it
  float own_shape_level = 0.85F;  ///< 0, with a tail's power throughout, puts 43 % of values inside 50 % intervals
  float tail_power = 1.5F;        ///< 1 would be the exponential's tail
  float optimism = 0.07F;         ///< what an interval of level 0 is widened by, since the weights were tuned on the
                                  ///< origins that calibrate it; less in proportion up to 95 %, where experience serves

  VarianceShiftParameters shift;
  float shift_doubt = 0.5F;  ///< origins of no shift that are added to those after it
  float most_growth = 3.5F;  ///< a shift makes intervals at most so many times wider
  float widen_first = 1.0F;  ///< factor on the width at the first step, for intervals too narrow or wide by experience
  float widen_last = 1.0F;   ///< the same at the last step of the day

  /// The defaults for series with that many steps a day.
  static EnsembleParameters For(const DayShape& shape) {
    EnsembleParameters p;
    if (shape.fine) {
      NeighbourParameters day_ahead{.window = 24,
                                    .count = 20,
                                    .clock = 2.0F,
                                    .week = 0.3F,
                                    .spacing = 0.25F,
                                    .shift = 0.2F,
                                    .shift_decay = 0.25F};
      NeighbourParameters departures = day_ahead;
      departures.deseasonalised = true;
      departures.clock = 0.5F;
      departures.shift = 0.5F;
      const NeighbourParameters near_term{
          .window = 16, .count = 30, .clock = 0.2F, .spacing = 0.2F, .shift = 0.3F, .rank_decay = 0.8F};
      NeighbourParameters hours = near_term;
      hours.window = 36;
      hours.clock = 0.0F;
      NeighbourParameters third_of_a_day = day_ahead;
      third_of_a_day.window = 100;
      third_of_a_day.count = 12;
      third_of_a_day.clock = 0.5F;
      p.searches = {near_term, day_ahead, departures, hours, third_of_a_day};
      p.widen_first = 0.97F;
    } else {
      const NeighbourParameters near_term{
          .window = 2, .count = 9, .clock = 4.0F, .age = 0.1F, .spacing = 0.1F, .shift = 0.4F, .rank_decay = 0.8F};
      const NeighbourParameters day_ahead{
          .window = 8, .count = 12, .clock = 3.0F, .week = 0.3F, .age = 0.1F, .spacing = 0.1F, .shift = 0.2F};
      NeighbourParameters departures = day_ahead;
      departures.deseasonalised = true;
      departures.window = 6;
      departures.clock = 1.0F;
      departures.shift = 0.4F;
      NeighbourParameters half_a_day = near_term;
      half_a_day.window = 12;
      NeighbourParameters whole_day = day_ahead;
      whole_day.deseasonalised = true;
      whole_day.window = 24;
      whole_day.clock = 1.0F;
      p.searches = {near_term, day_ahead, departures, half_a_day, whole_day};
      p.widen_first = 1.05F;
      p.widen_last = 1.10F;
    }
    return p;
  }
};

}  // namespace helios::ml
