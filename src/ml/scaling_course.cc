// SPDX-License-Identifier: Apache-2.0
#include "ml/scaling_course.h"

#include <algorithm>

#include "ml/internal/scaling/replay.h"

namespace helios::ml {
namespace {

/// Whether a tick is short of replicas, as LoadAccount counts it.
bool IsShort(double load, std::int32_t ready, const ScalingTarget& target) {
  return std::max(load, 0.0) - target.per_replica_capacity * ready > 1e-9 * std::max(load, 0.0);
}

}  // namespace

std::vector<CoursePoint> CourseOf(const LoadTrace& trace, const PolicyTournament& tournament,
                                  const ScalingComparison& comparison, std::size_t most) {
  const TickRange scored = comparison.scored;
  const auto& target = tournament.target();
  const std::size_t steps = (scored.last - scored.first + TicksAStep(trace) - 1) / TicksAStep(trace);
  const std::size_t stretch = std::max<std::size_t>(1, (steps + most - 1) / most) * TicksAStep(trace);
  std::vector<CoursePoint> points((scored.last - scored.first + stretch - 1) / stretch);
  std::vector<bool> known(points.size(), false);
  (void)tournament.ReplayChosen(trace, scored, [&](std::size_t tick, double load, std::int32_t ready) {
    const std::size_t i = (tick - scored.first) / stretch;
    CoursePoint& point = points[i];
    if (!known[i] || load > point.load) {
      point.tick = tick;
      point.load = load;
      point.ours = ready;
    }
    known[i] = true;
    if (IsShort(load, ready, target)) point.ours_short += kTick;
  });
  const auto hpa = [&](std::size_t tick, double load, std::int32_t ready) {
    CoursePoint& point = points[(tick - scored.first) / stretch];
    if (tick == point.tick) point.hpa = ready;
    if (IsShort(load, ready, target)) point.hpa_short += kTick;
  };
  (void)ReplayHpa(trace, target, scored, comparison.hpa_utilisation, hpa);
  std::vector<CoursePoint> course;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (known[i]) course.push_back(points[i]);
  }
  return course;
}

}  // namespace helios::ml
