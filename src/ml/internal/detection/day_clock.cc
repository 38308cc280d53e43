// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/detection/day_clock.h"

#include <algorithm>
#include <limits>

namespace helios::ml {

int DayClock::Visits(int slot) const {
  const auto pair = visits_[static_cast<std::size_t>(slot / 2)];
  return slot % 2 == 0 ? pair & 15 : pair >> 4;
}

DayTick DayClock::Advance(std::int64_t time, float step_ms) {
  auto day = time / kDayMs;
  auto in_day = time % kDayMs;
  if (in_day < 0) {
    in_day += kDayMs;
    --day;
  }
  const int slot = static_cast<int>(in_day / kSlotMs);
  DayTick tick{.slot = slot};
  tick.phase = static_cast<float>(in_day % kSlotMs) / static_cast<float>(kSlotMs) - 0.5F;
  tick.per_slot = std::max(1.0F, static_cast<float>(kSlotMs) / step_ms);
  if (slot_ == kNone) {
    day_ = static_cast<std::int32_t>(day);
  } else if (slot != slot_ || day != day_) {
    tick.left = slot_;
    tick.days = static_cast<int>(std::clamp<std::int64_t>(day - day_, 0, 400));
    auto& pair = visits_[static_cast<std::size_t>(slot_ / 2)];
    if (Visits(slot_) < 15) pair = static_cast<std::uint8_t>(pair + (slot_ % 2 == 0 ? 1 : 16));
    in_slot_ = 0;
    day_ = static_cast<std::int32_t>(day);
  }
  slot_ = static_cast<std::uint8_t>(slot);
  tick.visited = static_cast<float>(Visits(slot)) * tick.per_slot + static_cast<float>(in_slot_);
  if (in_slot_ < std::numeric_limits<std::uint16_t>::max()) ++in_slot_;
  return tick;
}

std::uint32_t Cadence::Take(std::int64_t distance_ms) {
  constexpr float kAlike = 0.5F;
  constexpr float kNearest = 1.0F / 16.0F;
  const auto distance = static_cast<float>(std::min<std::int64_t>(distance_ms, 1'000'000'000'000LL));
  if (step_ms_ <= 0.0F) {
    step_ms_ = distance;
    return 0;
  }
  const float ratio = distance / step_ms_;
  if (ratio > kAlike && ratio < 1.0F + kAlike) {
    odd_ = 0;
    if (regular_ < kRegular) ++regular_;
    step_ms_ += (distance - step_ms_) * kNearest;
    return 0;
  }
  const bool was_known = known();
  regular_ /= 2;  // a series without a schedule of its own never becomes known
  if (++odd_ >= kChanged) {
    step_ms_ = distance;
    regular_ = 0;
    odd_ = 0;
  }
  if (!was_known || ratio < 1.0F) return 0;
  return static_cast<std::uint32_t>(std::min(ratio - 0.5F, 4e9F));
}

}  // namespace helios::ml
