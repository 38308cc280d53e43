// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "ml/internal/detection/day_clock.h"

namespace helios::ml {

struct AlarmParameters {
  double threshold = 3.55;  ///< strength that alarms, in the unit of EventReading::strength; 3.4 to 4.6 are much alike
  float fatigue = 0.2F;     ///< what each alarm adds to the threshold of its series; 0.15 to 0.4
  float fatigue_excess = 0.15F;      ///< and what each unit of strength beyond the threshold adds; 0.1 to 0.2
  float fatigue_samples = 6'000.0F;  ///< horizon over which that is forgotten; 4000 to 9000
  float routine = 0.5F;              ///< what an alarm adds to the threshold at its time of day; 0.3 to 0.8
  float routine_days = 14.0F;        ///< horizon over which that is forgotten
  std::uint16_t rest = 100;          ///< samples after an alarm without another; 80 to 130
  std::uint16_t rest_coarse = 60;    ///< the same where the step is 20 minutes or more
  std::uint16_t learning = 150;      ///< least samples before an alarm is delivered, beside a whole day
};

struct AlarmVerdict {
  double score = 0.0;     ///< [0, 1]; from 0.5 on an alarm
  bool abnormal = false;  ///< over the threshold, whether it alarms or rests
};

/// When an event's strength is worth an alarm: each one makes the next of its series dearer, a job that
/// runs every day alarms once or twice, and after an alarm there is a rest. About 60 bytes.
class EventAlarm {
 public:
  /// `delivered`: false while learning; alarms then teach, and stay below 0.5. `shift` is added to the
  /// threshold.
  AlarmVerdict Take(double strength, double shift, bool delivered, const DayTick& tick, float step_ms,
                    const AlarmParameters& parameters);

  template <class F>
  constexpr void Fields(F& f) {
    f(fatigue_, resting_, routine_);
  }
  [[nodiscard]] bool Valid() const { return fatigue_ >= 0.0F; }

 private:
  [[nodiscard]] float RoutineNear(int slot) const;

  float fatigue_ = 0.0F;
  std::uint16_t resting_ = 0;                         // samples still to rest
  std::array<std::uint8_t, kSlotsPerDay> routine_{};  // in 1/64
};

}  // namespace helios::ml
