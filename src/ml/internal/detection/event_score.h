// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "ml/internal/detection/daily_profile.h"
#include "ml/internal/detection/day_clock.h"
#include "ml/internal/detection/point_score.h"
#include "ml/internal/detection/rarity_bank.h"

namespace helios::ml {

struct EventParameters {
  RarityParameters rarity;
  float level_samples = 1'500.0F;  ///< horizon of the level and of its scatter; flat from 500 to 20,000
  float level_clip = 9.0F;         ///< steps of the level beyond so many times the scatter are cut
  float profile_days = 6.0F;       ///< horizon of the daily profile; flat from 3 to 14
  float profile_clip = 6.0F;       ///< steps of the profile beyond so many times the mean residual are cut
};

/// What one sample tells about its series.
struct EventReading {
  double strength = 0.0;  ///< mean over the channels of -ln(how usual this is), >= 0; about 4.2 = as rare as a
                          ///< value of a uniform spread over all bins; 0 while warming up
  PointRarity rarity;
  float residual = 0.0F;  ///< value less level and daily profile
  float scatter = 0.0F;   ///< mean absolute residual
  float unrest = 0.0F;    ///< distance from the mean of about 24 samples
};

/// "This series has never behaved like that": averages the rarity of seven slow and fast views of it, each
/// judged against all of its past, and so comparable between series of any scale. About 1150 bytes.
///
/// The views: the residual to level and daily profile; its means over 12 and 48 samples; the mean of the
/// value over 24; the distance from that over 48; the largest and smallest of the last 12 values.
class EventScore {
 public:
  /// Takes the `n`-th sample (from 1), in units and with an origin of the caller's choice, |value| <= 1e30.
  /// `day_known`: at least a day of history, so that the profile counts.
  EventReading Take(float value, std::uint32_t n, bool day_known, const DayTick& tick,
                    const EventParameters& parameters);

  template <class F>
  constexpr void Fields(F& f) {
    bank_.Fields(f);
    profile_.Fields(f);
    f(recent_, level_, deviation_, scatter_, residual12_, residual48_, mean24_, unrest48_, next_);
  }
  [[nodiscard]] bool Valid() const { return bank_.Valid() && next_ < kRecent; }

 private:
  static constexpr std::size_t kRecent = 12;

  void LearnLevel(float value, std::uint32_t n, const EventParameters& parameters);
  void LearnProfile(float residual, std::uint32_t n, const DayTick& tick, const EventParameters& parameters);

  RarityBank bank_;
  DailyProfile profile_;  // of the value less the level
  std::array<float, kRecent> recent_{};
  float level_ = 0.0F;
  float deviation_ = 0.0F;  // mean of min(|value - level|, 6 deviation)
  float scatter_ = 0.0F;
  float residual12_ = 0.0F;
  float residual48_ = 0.0F;
  float mean24_ = 0.0F;
  float unrest48_ = 0.0F;
  std::uint8_t next_ = 0;  // place of the next value in recent_
};

}  // namespace helios::ml
