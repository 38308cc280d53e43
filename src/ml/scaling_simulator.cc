// SPDX-License-Identifier: Apache-2.0
#include "ml/scaling_simulator.h"

#include <algorithm>
#include <cmath>

#include "ml/hpa.h"
#include "ml/internal/scaling/replay.h"

namespace helios::ml {
namespace {

/// Accounts for replicas that serve the moment they are there: `replicas(load)` of them.
template <class Replicas>
ScalingOutcome AccountReady(const LoadTrace& trace, const ScalingTarget& target, TickRange scored,
                            const Replicas& replicas) {
  LoadAccount account(LoadUnit(trace), target.per_replica_capacity);
  for (std::size_t tick = scored.first; tick < scored.last; ++tick) {
    const double load = trace.load[tick / TicksAStep(trace)];
    if (!std::isfinite(load)) continue;
    const std::int32_t there = replicas(load);
    account.Add(load, there, there);
  }
  return account.Outcome();
}

}  // namespace

double LoadUnit(const LoadTrace& trace) {
  double highest = 0.0;
  for (const double load : trace.load) {
    if (std::isfinite(load)) highest = std::max(highest, load);
  }
  return highest > 0.0 ? std::exp2(std::ilogb(highest)) : 1.0;
}

double FirstKnownLoad(const LoadTrace& trace) {
  const auto known = std::ranges::find_if(trace.load, [](double load) { return std::isfinite(load); });
  return known == trace.load.end() ? 0.0 : *known;
}

Result<void> CheckLoadTrace(const LoadTrace& trace) {
  if (trace.step < kTick || trace.step > std::chrono::days{1} || trace.step % kTick != std::chrono::seconds{0}) {
    return Fail(ErrorCode::kInvalidArgument, "scaling.bad_trace",
                "cannot replay a load: got a step of {} s; want a multiple of {} s, a day at most", trace.step.count(),
                kTick.count());
  }
  if (trace.load.size() > kMostTicks / TicksAStep(trace)) {
    return Fail(ErrorCode::kInvalidArgument, "scaling.bad_trace",
                "cannot replay a load: it is too long; got {} steps of {} s; want {} at most", trace.load.size(),
                trace.step.count(), kMostTicks / TicksAStep(trace));
  }
  if (std::ranges::none_of(trace.load, [](double load) { return std::isfinite(load); })) {
    return Fail(ErrorCode::kFailedPrecondition, "scaling.not_enough_history",
                "cannot replay a load: none of its {} values is finite; want one at least", trace.load.size());
  }
  return {};
}

std::size_t Ticks(const LoadTrace& trace) {
  return trace.load.size() * TicksAStep(trace);
}

ScalingOutcome Replay(const LoadTrace& trace, const ScalingTarget& target, TickRange scored, const ReplicaRule& rule,
                      const ReplaySink& sink) {
  LoadAccount account(LoadUnit(trace), target.per_replica_capacity);
  ReplayTicks(trace, target, scored.last, rule,
              [&](std::size_t tick, double load, std::int32_t total, std::int32_t ready) {
                if (tick < scored.first) return;
                account.Add(load, total, ready);
                if (sink) sink(tick, load, ready);
              });
  return account.Outcome();
}

ScalingOutcome ReplayHpa(const LoadTrace& trace, const ScalingTarget& target, TickRange scored, double utilisation,
                         const ReplaySink& sink) {
  Hpa hpa({.target_utilisation = utilisation,
           .min_replicas = std::max(target.min_replicas, 1),
           .max_replicas = target.max_replicas,
           .stabilisation = target.stabilisation});
  const auto rule = [&](const ScalingMoment& moment) {
    return hpa.Sync(moment.load / target.per_replica_capacity, moment.total, moment.ready);
  };
  return Replay(trace, target, scored, rule, sink);
}

ScalingOutcome ReplayStaticPeak(const LoadTrace& trace, const ScalingTarget& target, TickRange scored) {
  std::int32_t peak = target.min_replicas;
  for (std::size_t tick = scored.first; tick < scored.last; ++tick) {
    peak = std::max(peak, ReplicasFor(trace.load[tick / TicksAStep(trace)], target));
  }
  return AccountReady(trace, target, scored, [&](double) { return peak; });
}

ScalingOutcome ReplayOracle(const LoadTrace& trace, const ScalingTarget& target, TickRange scored) {
  return AccountReady(trace, target, scored, [&](double load) { return ReplicasFor(load, target); });
}

}  // namespace helios::ml
