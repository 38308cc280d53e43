// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "ml/internal/scaling/replica_set.h"
#include "ml/scaling_simulator.h"

namespace helios::ml {

inline std::size_t TicksAStep(const LoadTrace& trace) {
  return static_cast<std::size_t>(trace.step / kTick);
}

/// The unit that loads are added up in, so that no sum of them overflows: the highest, rounded down to a power of two,
/// so that dividing by it rounds nothing.
[[nodiscard]] double LoadUnit(const LoadTrace& trace);

/// The first known load; 0 for none.
[[nodiscard]] double FirstKnownLoad(const LoadTrace& trace);

/// Sums of an outcome, tick by tick. A value.
class LoadAccount {
 public:
  LoadAccount(double unit, double per_replica_capacity) : unit_(unit), capacity_(per_replica_capacity / unit) {}

  void Add(double load, std::int32_t total, std::int32_t ready) {
    const double share = std::max(load, 0.0) / unit_;
    ++ticks_;
    replica_ticks_ += total;
    most_ = std::max(most_, total);
    load_ += share;
    const double over = share - capacity_ * ready;
    if (over > 1e-9 * share) {
      lost_ += over;
      ++short_ticks_;
    }
  }

  void Add(const LoadAccount& other) {
    ticks_ += other.ticks_;
    short_ticks_ += other.short_ticks_;
    replica_ticks_ += other.replica_ticks_;
    most_ = std::max(most_, other.most_);
    load_ += other.load_;
    lost_ += other.lost_;
  }

  [[nodiscard]] double lost() const { return lost_; }  ///< in units
  [[nodiscard]] double load() const { return load_; }

  [[nodiscard]] ScalingOutcome Outcome() const {
    constexpr double kTicksAnHour = std::chrono::hours{1} / kTick;
    return {.replica_hours = static_cast<double>(replica_ticks_) / kTicksAnHour,
            .lost_load_share = load_ > 0.0 ? lost_ / load_ : 0.0,
            .short_time_share = ticks_ > 0 ? static_cast<double>(short_ticks_) / static_cast<double>(ticks_) : 0.0,
            .most_replicas = most_};
  }

 private:
  double unit_;
  double capacity_;
  std::size_t ticks_ = 0;
  std::size_t short_ticks_ = 0;
  std::int64_t replica_ticks_ = 0;
  std::int32_t most_ = 0;
  double load_ = 0.0;
  double lost_ = 0.0;
};

/// Drives `rule` through the first `ticks` of `trace`, and tells `sink(tick, load, total, ready)` of each tick whose
/// load is known.
template <class Rule, class Sink>
void ReplayTicks(const LoadTrace& trace, const ScalingTarget& target, std::size_t ticks, Rule&& rule, Sink&& sink) {
  const std::size_t ticks_a_step = TicksAStep(trace);
  double known = FirstKnownLoad(trace);
  ReplicaSet replicas(ReplicasFor(known, target), static_cast<std::size_t>(target.startup / kTick));
  std::size_t tick = 0;
  for (std::size_t i = 0; tick < ticks; ++i) {
    const double load = trace.load[i];
    for (const std::size_t end = std::min(ticks, tick + ticks_a_step); tick < end; ++tick) {
      replicas.Advance(tick);
      const std::int32_t wanted = rule(ScalingMoment{tick, known, replicas.ready(), replicas.total()});
      replicas.ScaleTo(std::clamp(wanted, target.min_replicas, target.max_replicas), tick);
      if (!std::isfinite(load)) continue;
      known = load;
      sink(tick, load, replicas.total(), replicas.ready());
    }
  }
}

}  // namespace helios::ml
