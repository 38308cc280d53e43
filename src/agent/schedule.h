// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace helios::agent {

/// When rounds are due: `first`, then every `interval` after it, without drift. Rounds that a suspended
/// or overloaded machine missed are left out, not made up for.
class Schedule {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Duration = std::chrono::steady_clock::duration;

  /// Requires interval > 0.
  Schedule(Time first, Duration interval) : next_(first), interval_(interval) {}

  [[nodiscard]] Time next() const { return next_; }

  /// Tells that the round that was due at next() has been taken, `now` being after it.
  void Advance(Time now) {
    next_ += interval_;
    if (next_ <= now) next_ += (now - next_) / interval_ * interval_ + interval_;
  }

 private:
  Time next_;
  Duration interval_;
};

}  // namespace helios::agent
