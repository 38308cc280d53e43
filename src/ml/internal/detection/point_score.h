// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "ml/internal/detection/daily_profile.h"
#include "ml/internal/detection/day_clock.h"

namespace helios::ml {

struct PointParameters {
  float recent_days = 0.35F;   ///< horizon of the recent mean and spread, in days; 0.25 to 0.5
  double recent_limit = 2.0;   ///< so many recent standard deviations alarm; 1.75 to 2.25
  float profile_days = 3.0F;   ///< horizon of the daily profile; 2 to 5
  double profile_limit = 4.0;  ///< so many standard deviations off the profile alarm; 3.75 to 4.5
  float clip = 3.0F;           ///< steps beyond so many standard deviations off the profile are cut; 2.5 to 4
  double week_share = 0.25;    ///< of the week's scatter, that today's is never believed below
  double spread_share = 0.1;   ///< of the week's standard deviation, the same
  double level_share = 0.03;   ///< of the level, the same: 4 x 3 % of change is never an alarm
  double compression = 3.5;    ///< values beyond so many times the mean size are compressed; 3 to 6
  /// -ln of the tail share that the residual must stay under, at hourly samples: a gate, not a measure.
  double tail_limit = 1.0;
  /// What a step finer by e adds to that, so that a day of fine samples has no more alarms than one of
  /// coarse ones: 1.8 to 2.6. Without it, five-minute series with jobs of their own alarm twenty times a day.
  double tail_slope = 2.2;
  double tail_most = 8.0;        ///< as much as the memory of 6000 samples can tell
  double extreme_limit = 3.0;    ///< least -ln of how usual the extremes of the last 12 samples are; 2.5 to 3.3
  float least_samples = 300.0F;  ///< before the profile is believed, or two days
};

/// How rare a sample's surroundings are among all of the past, from the event score's views.
struct PointRarity {
  double tail = 1.0;     ///< share of residuals at least as far out, on its side; in (0, 1]
  double extreme = 1.0;  ///< the smaller likelihood of the two extremes of the last 12 samples; in (0, 1]
};

/// What one sample tells, against what was expected before it.
struct PointReading {
  double excess = 0.0;    ///< 1 is the limit
  double expected = 0.0;  ///< lower <= expected <= upper: within these `excess` stays under 1
  double lower = 0.0;
  double upper = 0.0;
};

/// "This sample is wrong now": the smaller of two deviations with different explanations, from the recent
/// mean, which an incident widens by itself, and from the daily profile. Values of skewed series are
/// compressed (asinh) beyond a few times their mean size. About 180 bytes.
class PointScore {
 public:
  /// Reads `value` (finite, size up to 1e36), then learns from it. `n` counts samples from 1; `two_days`:
  /// so much history is there. `widen` multiplies both limits.
  PointReading Take(double value, std::uint32_t n, bool two_days, const PointRarity& rarity, double widen,
                    const DayTick& tick, const DayClock& clock, float step_ms, const PointParameters& parameters);

  template <class F>
  constexpr void Fields(F& f) {
    f(size_, mean_, variance_, week_mean_, week_variance_, base_, scatter_, week_scatter_);
    profile_.Fields(f);
  }
  [[nodiscard]] bool Valid() const { return variance_ >= 0.0 && week_variance_ >= 0.0 && size_ >= 0.0; }

 private:
  [[nodiscard]] double ProfileNow(const DayTick& tick, const DayClock& clock, float step_ms) const;

  double size_ = 0.0;  // mean |value|
  double mean_ = 0.0;
  double variance_ = 0.0;
  double week_mean_ = 0.0;
  double week_variance_ = 0.0;
  double base_ = 0.0;  // that the profile is relative to
  double scatter_ = 0.0;
  double week_scatter_ = 0.0;
  DailyProfile profile_;
};

}  // namespace helios::ml
