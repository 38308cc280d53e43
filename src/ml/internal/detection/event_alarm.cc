// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/detection/event_alarm.h"

#include <algorithm>
#include <cmath>

namespace helios::ml {
namespace {

constexpr float kRoutineUnit = 1.0F / 64.0F;
constexpr float kMostRoutine = 255.0F;
constexpr float kCoarseStepMs = 20.0F * 60'000.0F;
constexpr float kMostFatigue = 20.0F;  // no strength reaches it

}  // namespace

float EventAlarm::RoutineNear(int slot) const {
  const auto before = routine_[static_cast<std::size_t>((slot + kSlotsPerDay - 1) % kSlotsPerDay)];
  const auto after = routine_[static_cast<std::size_t>((slot + 1) % kSlotsPerDay)];
  return kRoutineUnit * static_cast<float>(std::max({before, routine_[static_cast<std::size_t>(slot)], after}));
}

AlarmVerdict EventAlarm::Take(double strength, double shift, bool delivered, const DayTick& tick, float step_ms,
                              const AlarmParameters& parameters) {
  fatigue_ -= fatigue_ / parameters.fatigue_samples;
  for (int day = 0; day < tick.days; ++day) {
    for (auto& level : routine_) {
      level = static_cast<std::uint8_t>(
          std::max(0.0F, std::floor(static_cast<float>(level) * (1.0F - 1.0F / parameters.routine_days))));
    }
  }
  const double tired = parameters.threshold + shift + static_cast<double>(fatigue_);
  const double excess = strength - tired - static_cast<double>(RoutineNear(tick.slot));
  AlarmVerdict verdict{.abnormal = strength > tired};
  const bool rested = resting_ == 0;
  if (!rested) --resting_;
  if (excess > 0.0 && rested) {
    resting_ = step_ms >= kCoarseStepMs ? parameters.rest_coarse : parameters.rest;
    fatigue_ =
        std::min(kMostFatigue, fatigue_ + parameters.fatigue + parameters.fatigue_excess * static_cast<float>(excess));
    auto& routine = routine_[static_cast<std::size_t>(tick.slot)];
    routine = static_cast<std::uint8_t>(
        std::min(kMostRoutine, static_cast<float>(routine) + parameters.routine / kRoutineUnit));
    if (delivered) {
      verdict.score = 1.0 - 0.5 * std::exp(-excess);
      return verdict;
    }
  }
  verdict.score = 0.49 * std::clamp(strength / std::max(tired, 1e-3), 0.0, 1.0);
  return verdict;
}

}  // namespace helios::ml
