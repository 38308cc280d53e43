// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace helios::ml {

inline constexpr int kSlotsPerDay = 48;
inline constexpr std::int64_t kSlotMs = 1'800'000;
inline constexpr std::int64_t kDayMs = kSlotsPerDay * kSlotMs;

/// Where a time lies in its day, and what changed since the sample before.
struct DayTick {
  int slot = 0;           ///< half-hour of the day, 0 to 47
  int left = -1;          ///< the slot that was left with this sample; -1 while in it still
  int days = 0;           ///< midnights passed since the sample before, at most 400
  float phase = 0.0F;     ///< within the slot, -0.5 at its start to 0.5 at its end
  float visited = 0.0F;   ///< samples of this slot before this one, as far as they are remembered (15 days)
  float per_slot = 1.0F;  ///< samples that a slot gets in a day
};

/// The spacing of a series, and the half-hours of the day that it has seen. 32 bytes.
class DayClock {
 public:
  /// `time` in milliseconds of the day's own clock: later than at the call before, but for a clock that was put back.
  /// `step_ms` is the spacing of the samples.
  DayTick Advance(std::int64_t time, float step_ms);

  /// Whether `slot` was ever visited and left.
  [[nodiscard]] bool Seen(int slot) const { return Visits(slot) > 0; }

  template <class F>
  constexpr void Fields(F& f) {
    f(day_, in_slot_, slot_, visits_);
  }
  [[nodiscard]] bool Valid() const { return slot_ < kSlotsPerDay || slot_ == kNone; }

 private:
  static constexpr std::uint8_t kNone = 255;
  [[nodiscard]] int Visits(int slot) const;

  std::int32_t day_ = 0;
  std::uint16_t in_slot_ = 0;  // samples since the slot was entered
  std::uint8_t slot_ = kNone;
  std::array<std::uint8_t, kSlotsPerDay / 2> visits_{};  // days, 0 to 15, two to a byte
};

/// Spacing of a series, learnt from its times. 8 bytes.
class Cadence {
 public:
  /// Takes the distance to the sample before, > 0 ms. Says how many samples are missing in between, by the
  /// spacing known until now; 0 while it is not known.
  std::uint32_t Take(std::int64_t distance_ms);

  [[nodiscard]] float step_ms() const { return step_ms_ > 0.0F ? step_ms_ : 60'000.0F; }
  [[nodiscard]] bool known() const { return regular_ >= kRegular; }

  template <class F>
  constexpr void Fields(F& f) {
    f(step_ms_, regular_, odd_);
  }
  [[nodiscard]] bool Valid() const { return step_ms_ >= 0.0F && step_ms_ <= 1e15F; }

 private:
  static constexpr std::uint8_t kRegular = 8;  // distances alike before the spacing is believed
  static constexpr std::uint8_t kChanged = 8;  // distances in a row that differ before it is given up

  float step_ms_ = 0.0F;
  std::uint8_t regular_ = 0;
  std::uint8_t odd_ = 0;
};

}  // namespace helios::ml
