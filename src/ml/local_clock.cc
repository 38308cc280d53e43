// SPDX-License-Identifier: Apache-2.0
#include "ml/local_clock.h"

#include <algorithm>

namespace helios::ml {
namespace {

constexpr std::chrono::hours kMostOffset{26};

}  // namespace

Result<LocalClock> LocalClock::Make(std::vector<ClockChange> changes) {
  if (std::ranges::adjacent_find(changes, std::greater_equal{}, &ClockChange::from) != changes.end()) {
    return Fail(ErrorCode::kInvalidArgument, "ml.bad_clock",
                "cannot use the changes of a clock: their times do not rise");
  }
  for (const ClockChange& change : changes) {
    if (std::chrono::abs(change.offset) <= kMostOffset) continue;
    return Fail(ErrorCode::kInvalidArgument, "ml.bad_clock",
                "cannot use a clock that is {} s from UTC; want at most 26 hours", change.offset.count());
  }
  LocalClock clock;
  clock.changes_ = std::move(changes);
  return clock;
}

bool LocalClock::Valid() const {
  return Make(changes_).has_value();
}

std::chrono::seconds LocalClock::OffsetAt(TimestampMs time) const {
  if (changes_.empty()) return std::chrono::seconds{0};
  const auto next = std::ranges::upper_bound(changes_, time, {}, &ClockChange::from);
  return next == changes_.begin() ? next->offset : std::prev(next)->offset;
}

bool LocalClock::ChangesWithin(TimestampMs first, TimestampMs last) const {
  for (auto change = std::ranges::upper_bound(changes_, first, {}, &ClockChange::from);
       change != changes_.end() && change->from <= last; ++change) {
    if (change != changes_.begin() && change->offset != std::prev(change)->offset) return true;
  }
  return false;
}

std::vector<Sample> ToLocalTimes(std::span<const Sample> samples, const LocalClock& clock) {
  std::vector<Sample> local(samples.begin(), samples.end());
  for (Sample& sample : local) sample.time = clock.ToLocal(sample.time);
  return local;
}

}  // namespace helios::ml
