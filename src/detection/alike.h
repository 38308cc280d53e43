// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/time.h"

namespace helios::detection {

/// The worst sample of an anomaly.
struct Deviation {
  TimestampMs time{};  ///< on the clock that the series' days follow
  double value = 0;
  double expected = 0;
  double lower = 0;
  double upper = 0;
};

/// How long a false positive speaks for its like.
inline constexpr std::chrono::days kMarkHolds{90};

/// Whether `found` is what somebody marked as a false positive of the same series:
/// - it lies on the same side of what was expected, and no further from it than 1.5 times the mark, and
/// - it is at least two thirds as far, or within an hour of the mark's time of day.
/// Where both lie within the expected range (the stretch was unusual, not its values), the time of day alone decides.
/// So a marked peak stops peaks like it at any hour, and smaller ones at its hour; a larger one is always told.
[[nodiscard]] bool Alike(const Deviation& mark, const Deviation& found);

}  // namespace helios::detection
