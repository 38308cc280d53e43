// SPDX-License-Identifier: Apache-2.0
#include "ml/grid.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

namespace helios::ml {
namespace {

using std::chrono::milliseconds;

/// Each divides a day, so that a daily season is a whole number of steps.
constexpr std::array<std::int64_t, 30> kStepSeconds = {
    1,   2,   3,   4,   5,   6,    10,   12,   15,   20,    30,    60,    120,   180,   240,
    300, 360, 600, 720, 900, 1200, 1800, 3600, 7200, 10800, 14400, 21600, 28800, 43200, 86400};

milliseconds SnapUp(milliseconds wanted) {
  for (const auto seconds : kStepSeconds) {
    if (seconds * 1000 >= wanted.count()) return milliseconds{seconds * 1000};
  }
  return milliseconds{kStepSeconds.back() * 1000};
}

/// Length of two days at five minutes: the resolution a short history is kept at.
constexpr std::int64_t kShortHistoryPoints = 576;

}  // namespace

milliseconds InferStep(std::span<const Sample> samples) {
  std::vector<std::int64_t> times;
  times.reserve(samples.size());
  for (const auto& sample : samples) times.push_back(ToUnixMs(sample.time));
  if (!std::ranges::is_sorted(times)) std::ranges::sort(times);
  std::size_t distances = 0;  // written over the times already read
  for (std::size_t i = 1; i < times.size(); ++i) {
    if (const auto distance = times[i] - times[i - 1]; distance > 0) {
      times[distances] = distance;
      // times[i - 1] is not read again, and distances <= i - 1, so only read times are overwritten.
      ++distances;
    }
  }
  if (distances == 0) return milliseconds{1000};
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>((distances - 1) / 2);
  std::nth_element(times.begin(), middle, times.begin() + static_cast<std::ptrdiff_t>(distances));
  return SnapUp(milliseconds{*middle - *middle / 10});
}

milliseconds WorkingStep(milliseconds spacing, milliseconds span) {
  const auto by_length = SnapUp(milliseconds{(span.count() + kShortHistoryPoints - 1) / kShortHistoryPoints});
  return std::max(spacing, std::min(kCoarsestAveraging, by_length));
}

Grid ToGrid(std::span<const Sample> samples, milliseconds spacing, milliseconds step) {
  Grid grid;
  grid.step = step;
  auto newest = TimestampMs::min();
  auto oldest = TimestampMs::max();
  double largest = 0.0;
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value)) continue;
    newest = std::max(newest, sample.time);
    oldest = std::min(oldest, sample.time);
    largest = std::max(largest, std::abs(sample.value));
  }
  if (newest < oldest) return grid;

  const auto half = std::min(spacing, step).count() / 2;
  const auto buckets_back = [&](TimestampMs time) {
    return static_cast<std::size_t>(((newest - time).count() + half) / step.count());
  };
  const std::size_t size = std::min(buckets_back(oldest) + 1, kMaxGridPoints);
  grid.first = newest - step * static_cast<long>(size - 1);
  grid.values.assign(size, 0.0);
  grid.oldest_sample = newest;
  std::vector<std::uint32_t> counts(size, 0);
  const double unit = largest > 1e200 ? 0x1p-100 : 1.0;  // a sum of huge values must not overflow
  for (const auto& sample : samples) {
    if (!std::isfinite(sample.value)) continue;
    const auto back = buckets_back(sample.time);
    if (back >= size) continue;
    grid.values[size - 1 - back] += sample.value * unit;
    ++counts[size - 1 - back];
    ++grid.samples_used;
    grid.oldest_sample = std::min(grid.oldest_sample, sample.time);
  }
  for (std::size_t i = 0; i < size; ++i) {
    grid.values[i] = counts[i] == 0 ? std::numeric_limits<double>::quiet_NaN()
                                    : std::clamp(grid.values[i] / counts[i] / unit, -largest, largest);
  }
  return grid;
}

}  // namespace helios::ml
