// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "ml/internal/detection/day_clock.h"

namespace helios::ml {

/// A level for each half-hour of the day, in 16 bits of a common unit; the half-hour being learnt is kept
/// in full, so that small steps are not rounded away. 104 bytes.
class DailyProfile {
 public:
  /// To be called before anything else for each sample.
  void Advance(const DayTick& tick);

  /// Level of the slot that the clock is in.
  [[nodiscard]] float current() const { return current_; }
  void set_current(float level) { current_ = level; }

  [[nodiscard]] float At(int slot) const { return unit_ * static_cast<float>(levels_[static_cast<std::size_t>(slot)]); }

  template <class F>
  constexpr void Fields(F& f) {
    f(unit_, current_, levels_);
  }

 private:
  void Keep(int slot, float level);
  void Rescale(float unit);

  float unit_ = 0.0F;
  float current_ = 0.0F;
  std::array<std::int16_t, kSlotsPerDay> levels_{};
};

}  // namespace helios::ml
