// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "ml/internal/forecasting/prepared_history.h"

namespace helios::ml {

/// How the members that carry earlier days on do so.
struct DayMemberParameters {
  // Last week.
  float week_hour_share = 0.8F;       ///< of the last hour's difference from the week before
  float week_half_day_share = 0.7F;   ///< of the last twelve hours'
  std::size_t week_fading_part = 16;  ///< of a day in which the first makes way for the second, e-fold

  // Similar days.
  std::size_t samples = 36;     ///< of the last 24 hours that are compared
  float sharpness = 0.5F;       ///< of the nearest one's distance within which a day counts e-fold less
  float no_distance = 0.05F;    ///< distance that is none, so that a perfect match is not alone
  float aging = 0.97F;          ///< weight a day older
  float level_share = 0.8F;     ///< of the difference in level that is made up for
  std::size_t fading_part = 8;  ///< of a day in which that fades, e-fold

  [[nodiscard]] bool Valid() const {
    const auto sane = [](float value) { return value >= 0.0F && value <= 100.0F; };
    const auto part = [](std::size_t value) { return value >= 1 && value <= 1'000; };
    return sane(week_hour_share) && sane(week_half_day_share) && part(week_fading_part) && part(samples) &&
           sane(sharpness) && sharpness > 0.0F && sane(no_distance) && no_distance > 0.0F && aging > 0.0F &&
           aging <= 1.0F && sane(level_share) && part(fading_part);
  }
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.week_hour_share, self.week_half_day_share, self.week_fading_part, self.samples, self.sharpness,
      self.no_distance, self.aging, self.level_share, self.fading_part);
  }
};

// The members of the ensemble that carry earlier days on. Each forecasts, in scaled units, the steps `horizons`
// (ascending, 1 to a day) after `origin` into `out` of the same length, from what is known at the origin:
// at least one day before it. O(horizons), the analogue days times fourteen.

/// The value of the same time the day before.
void ForecastYesterday(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons,
                       std::span<float> out);

/// The newest value.
void ForecastLastValue(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons,
                       std::span<float> out);

/// The same time a week before, moved by how far the last hour lies from its week before; that difference fades
/// and makes way for the difference of the last twelve hours.
void ForecastWeek(const DayMemberParameters& parameters, const PreparedHistory& history, std::size_t origin,
                  std::span<const std::size_t> horizons, std::span<float> out);

/// Weighted median of what followed the same time of day on up to fourteen earlier days, days that resemble the
/// last 24 hours counting more, each moved by its difference in level now, which fades.
void ForecastSimilarDays(const DayMemberParameters& parameters, const PreparedHistory& history, std::size_t origin,
                         std::span<const std::size_t> horizons, std::span<float> out);

}  // namespace helios::ml
