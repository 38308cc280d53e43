// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/detection/daily_profile.h"

#include <algorithm>
#include <cmath>

namespace helios::ml {
namespace {

constexpr float kMost = 32'767.0F;
constexpr float kRoomy = 16'384.0F;
constexpr int kCramped = 2'048;  // when no level needs more, the unit is too coarse

std::int16_t Round(float level, float unit) {
  return static_cast<std::int16_t>(std::lrint(std::clamp(level / unit, -kMost, kMost)));
}

}  // namespace

void DailyProfile::Advance(const DayTick& tick) {
  if (tick.left < 0) return;
  Keep(tick.left, current_);
  if (tick.days > 0 && unit_ > 0.0F) {
    int most = 0;
    for (const int level : levels_) most = std::max(most, std::abs(level));
    if (most == 0) {
      unit_ = 0.0F;  // the next level worth keeping chooses it anew
    } else if (most < kCramped) {
      Rescale(unit_ * static_cast<float>(most) / kRoomy);
    }
  }
  current_ = At(tick.slot);
}

void DailyProfile::Keep(int slot, float level) {
  const float size = std::abs(level);
  if (size > unit_ * kMost) Rescale(size / kRoomy);
  if (unit_ > 0.0F) levels_[static_cast<std::size_t>(slot)] = Round(level, unit_);
}

void DailyProfile::Rescale(float unit) {
  if (!(unit > 1e-37F)) return;
  for (auto& level : levels_) level = Round(unit_ * static_cast<float>(level), unit);
  unit_ = unit;
}

}  // namespace helios::ml
