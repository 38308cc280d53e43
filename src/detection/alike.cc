// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/alike.h"

#include <algorithm>
#include <cmath>

namespace helios::detection {
namespace {

constexpr double kFactor = 1.5;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kHourMs = 3'600'000;

bool SameTimeOfDay(TimestampMs a, TimestampMs b) {
  const std::int64_t apart = std::abs(ToUnixMs(a) - ToUnixMs(b)) % kDayMs;
  return std::min(apart, kDayMs - apart) <= kHourMs;
}

bool Within(const Deviation& one) {
  return one.lower <= one.value && one.value <= one.upper;
}

}  // namespace

bool Alike(const Deviation& mark, const Deviation& found) {
  const bool same_time = SameTimeOfDay(mark.time, found.time);
  if (Within(mark) && Within(found)) return same_time;
  const double marked = mark.value - mark.expected;
  const double seen = found.value - found.expected;
  if ((marked < 0) != (seen < 0) || std::abs(seen) > kFactor * std::abs(marked)) return false;
  return same_time || std::abs(seen) * kFactor >= std::abs(marked);
}

}  // namespace helios::detection
