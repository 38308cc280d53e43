// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/aligned_values.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace helios::ml {
namespace {

constexpr std::int64_t kMostNewerSteps = 1'000'000;

bool InYears(TimestampMs time) {
  return ToUnixMs(time) >= -62'135'596'800'000 && ToUnixMs(time) <= 253'402'300'799'999;  // 1 to 9999
}

std::int64_t FloorOf(std::int64_t number, std::int64_t by) {
  return number / by - (number % by < 0 ? 1 : 0);
}

}  // namespace

Result<AlignedValues> AlignValues(std::span<const Sample> samples, const LocalClock& clock, const AlignedGrid& grid,
                                  std::int64_t from) {
  const std::int64_t step = grid.step.count();
  const std::int64_t half = std::min(grid.spacing, grid.step).count() / 2;
  // How far behind the anchor a sample is, and the step that it belongs to: rounded up, but for half a spacing.
  const auto after = [&](const Sample& sample) { return (clock.ToLocal(sample.time) - grid.anchor).count(); };
  const auto place = [&](const Sample& sample) { return -FloorOf(half - after(sample), step); };
  std::optional<std::int64_t> newest;
  std::int64_t oldest = std::numeric_limits<std::int64_t>::max();
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value)) continue;
    if (!InYears(sample.time)) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_timestamp",
                  "cannot take a sample in: its time is outside the years 1 to 9999; got {} ms since 1970",
                  ToUnixMs(sample.time));
    }
    if (place(sample) < from) continue;
    newest = std::max(newest.value_or(std::numeric_limits<std::int64_t>::min()), after(sample));
    oldest = std::min(oldest, place(sample));
  }
  AlignedValues aligned{.first = std::max(oldest, from), .values = {}};
  if (!newest) return aligned;
  const std::int64_t last = FloorOf(*newest + half, step);
  if (last > kMostNewerSteps) {
    return Fail(ErrorCode::kFailedPrecondition, "ml.stale_model",
                "cannot take samples in: they lie too far after the model's origin; got {} steps; want at most {}",
                last, kMostNewerSteps);
  }
  if (last < aligned.first) return aligned;
  const auto size = static_cast<std::size_t>(last - aligned.first + 1);
  aligned.values.assign(size, std::numeric_limits<double>::quiet_NaN());
  std::vector<std::uint32_t> counts(size, 0);
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value)) continue;
    const std::int64_t at = place(sample) - aligned.first;
    if (at < 0 || at >= static_cast<std::int64_t>(size)) continue;
    const auto i = static_cast<std::size_t>(at);
    // A running mean, which does not overflow.
    const double count = ++counts[i];
    double& mean = aligned.values[i];
    mean = counts[i] == 1 ? sample.value : mean * ((count - 1.0) / count) + sample.value / count;
  }
  return aligned;
}

}  // namespace helios::ml
