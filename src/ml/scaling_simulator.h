// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "base/result.h"
#include "ml/scaling_target.h"

namespace helios::ml {

/// The load of a target over time: `load[i]`, NaN where unknown, holds from i * step until the next, as that of a
/// gauge that is read once a step. A load below zero is none.
struct LoadTrace {
  std::span<const double> load;
  std::chrono::seconds step{60};  ///< a whole multiple of kTick
};

/// How often replicas are decided and accounted for: as often as Kubernetes' autoscaler looks.
inline constexpr std::chrono::seconds kTick{15};

/// Errors: kInvalidArgument scaling.bad_trace  a step that is no multiple of kTick or over a day, or a trace of more
///                                             than kMostTicks
///         kFailedPrecondition scaling.not_enough_history  no finite load
[[nodiscard]] Result<void> CheckLoadTrace(const LoadTrace& trace);

inline constexpr std::size_t kMostTicks = 20'000'000;  ///< 9.5 years

/// What is known when replicas are decided: nothing of the tick that begins then, or of later ones.
struct ScalingMoment {
  std::size_t tick = 0;
  double load = 0.0;       ///< in the tick before, or the newest known before that
  std::int32_t ready = 0;  ///< replicas that serve
  std::int32_t total = 0;  ///< with those that start up
};

/// Replicas wanted from a moment on. Called once a tick, in order.
using ReplicaRule = std::function<std::int32_t(const ScalingMoment&)>;

/// Ticks first..last - 1 of a trace.
struct TickRange {
  std::size_t first = 0;
  std::size_t last = 0;
};

/// What a way of scaling cost and lost over the ticks of known load.
struct ScalingOutcome {
  double replica_hours = 0.0;     ///< of all replicas there are, from being asked for on
  double lost_load_share = 0.0;   ///< of the load, what exceeded the ready replicas' capacity; 0 without load
  double short_time_share = 0.0;  ///< of the time, when it did
  std::int32_t most_replicas = 0;
};

/// Told of each scored tick of known load: that load, and the replicas that served it.
using ReplaySink = std::function<void(std::size_t tick, double load, std::int32_t ready)>;

/// Replays `trace` under `rule`, which starts with the replicas that the first known load needs; what lies in
/// `scored` counts. O(ticks). Requires valid `trace` and `target`, and `scored` within the trace.
[[nodiscard]] ScalingOutcome Replay(const LoadTrace& trace, const ScalingTarget& target, TickRange scored,
                                    const ReplicaRule& rule, const ReplaySink& sink = {});

/// Replay() of Kubernetes' autoscaler at each of `utilisations`, in their order.
[[nodiscard]] ScalingOutcome ReplayHpa(const LoadTrace& trace, const ScalingTarget& target, TickRange scored,
                                       double utilisation, const ReplaySink& sink = {});

/// The replicas that the highest load in `scored` needs, all the time.
[[nodiscard]] ScalingOutcome ReplayStaticPeak(const LoadTrace& trace, const ScalingTarget& target, TickRange scored);

/// Exactly the replicas that the load needs at each moment, ready the moment it needs them: what knowing the future,
/// and starting up for nothing, would cost.
[[nodiscard]] ScalingOutcome ReplayOracle(const LoadTrace& trace, const ScalingTarget& target, TickRange scored);

/// Number of ticks in `trace`.
[[nodiscard]] std::size_t Ticks(const LoadTrace& trace);

}  // namespace helios::ml
