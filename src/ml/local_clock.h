// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "ml/grid.h"

namespace helios::ml {

/// How far a zone's clocks are ahead of UTC from some moment on.
struct ClockChange {
  TimestampMs from;
  std::chrono::seconds offset{0};

  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.from, self.offset);
  }
};

/// The clocks of a time zone, as data: who knows the zones' rules passes the changes in. People's days follow the clock
/// on the wall, so a daily habit moves by an hour against UTC twice a year; on times of this clock it stays.
///
/// A value; safe to share between threads.
class LocalClock {
 public:
  /// UTC.
  LocalClock() = default;
  /// `changes` rise strictly by time; before the first of them its offset holds too.
  /// Errors: kInvalidArgument ml.bad_clock: changes out of order, or an offset beyond 26 hours.
  [[nodiscard]] static Result<LocalClock> Make(std::vector<ClockChange> changes);

  /// O(log changes).
  [[nodiscard]] std::chrono::seconds OffsetAt(TimestampMs time) const;
  /// The time of day and date that the clock shows, written as if it were UTC. Where the clock is put back, an hour
  /// comes twice; where it is put forward, one never comes.
  [[nodiscard]] TimestampMs ToLocal(TimestampMs time) const { return time + OffsetAt(time); }
  /// ToLocal()'s inverse. The hour that comes twice counts as the second time; one that never comes as if the clock had
  /// not been put forward yet.
  [[nodiscard]] TimestampMs ToUtc(TimestampMs local) const { return local - OffsetAt(local - OffsetAt(local)); }
  /// Whether its offset changes after `first` and up to `last`.
  [[nodiscard]] bool ChangesWithin(TimestampMs first, TimestampMs last) const;

 private:
  friend class StateReader;
  friend class StateWriter;
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.changes_);
  }
  [[nodiscard]] bool Valid() const;

  std::vector<ClockChange> changes_;
};

/// The samples at the times that the clock showed.
[[nodiscard]] std::vector<Sample> ToLocalTimes(std::span<const Sample> samples, const LocalClock& clock);

}  // namespace helios::ml
