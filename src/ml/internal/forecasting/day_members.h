// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

#include "ml/internal/forecasting/prepared_history.h"

namespace helios::ml {

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
/// e-fold in a sixteenth of a day and makes way for the difference of the last twelve hours.
void ForecastWeek(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons,
                  std::span<float> out);

/// Weighted median of what followed the same time of day on up to fourteen earlier days, days that resemble the
/// last 24 hours counting more, each moved by its difference in level now, which fades e-fold in an eighth of a day.
void ForecastSimilarDays(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons,
                         std::span<float> out);

}  // namespace helios::ml
