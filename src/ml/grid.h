// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "base/time.h"

namespace helios::ml {

/// One (time, value) of a series, in the series' own unit. A value that is NaN or infinite is a gap.
struct Sample {
  TimestampMs time;
  double value = 0.0;
};

/// A series on a regular step. `values[i]` belongs to `first + i * step`; a gap is NaN.
/// The last value belongs to the newest finite sample and is never a gap.
struct Grid {
  TimestampMs first{};
  std::chrono::milliseconds step{0};
  std::vector<double> values;
  std::size_t samples_used = 0;  ///< finite samples that went into `values`
  TimestampMs oldest_sample{};   ///< the first of them

  [[nodiscard]] TimestampMs TimeAt(std::size_t index) const { return first + step * static_cast<long>(index); }
};

/// A grid never has more points than this: fourteen days of five minutes.
inline constexpr std::size_t kMaxGridPoints = 4'032;

/// Coarsest step that a history is averaged to when it was sampled more finely.
inline constexpr std::chrono::milliseconds kCoarsestAveraging = std::chrono::minutes{5};

/// Spacing of `samples`: the median distance between neighbours in time, rounded up to a step that
/// divides a day (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30 of seconds or minutes; 1, 2, 3, 4, 6, 8, 12, 24
/// hours). Distances up to 10 % over a step count as that step. Order, duplicates and gaps do not
/// matter; the values are not looked at. One second when fewer than two times differ.
[[nodiscard]] std::chrono::milliseconds InferStep(std::span<const Sample> samples);

/// The step to forecast at, for a series sampled every `spacing` whose history spans `span`: `spacing`
/// while the history is short, growing with it to five minutes at two days, so that an hour ahead is a
/// few steps away once there is history to learn that from. Never finer than `spacing`.
[[nodiscard]] std::chrono::milliseconds WorkingStep(std::chrono::milliseconds spacing, std::chrono::milliseconds span);

/// Averages the finite samples into buckets of `step` that end at the newest of them, in any order of
/// time; `spacing` (<= step) says how far apart they are, so that jitter does not empty a bucket.
/// Samples older than kMaxGridPoints steps are left out. Several samples of one bucket count alike.
/// Requires step > 0 and times within the years 1 to 9999; no finite sample gives an empty grid.
[[nodiscard]] Grid ToGrid(std::span<const Sample> samples, std::chrono::milliseconds spacing,
                          std::chrono::milliseconds step);

}  // namespace helios::ml
