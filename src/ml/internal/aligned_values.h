// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.h"
#include "ml/grid.h"
#include "ml/local_clock.h"

namespace helios::ml {

/// A grid that stays where it is while samples come: step i belongs to `anchor + i * step` on the clock.
struct AlignedGrid {
  TimestampMs anchor{};
  std::chrono::milliseconds step{0};
  std::chrono::milliseconds spacing{0};  ///< of the samples, <= step
};

/// `values[i]` is the mean of the samples of step `first + i` of the grid, NaN for a gap.
struct AlignedValues {
  std::int64_t first = 0;
  std::vector<double> values;
};

/// The finite samples on the grid, from step `from` on, in buckets as ToGrid() and FittedForecaster::Append() fill
/// theirs; a last step that is not over is left out. No values: nothing is there.
/// Errors: kInvalidArgument inference.bad_timestamp; kFailedPrecondition ml.stale_model  a million steps on.
[[nodiscard]] Result<AlignedValues> AlignValues(std::span<const Sample> samples, const LocalClock& clock,
                                                const AlignedGrid& grid, std::int64_t from);

}  // namespace helios::ml
