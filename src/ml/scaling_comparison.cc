// SPDX-License-Identifier: Apache-2.0
#include "ml/scaling_comparison.h"

#include <algorithm>

namespace helios::ml {

ScalingComparison CompareScaling(const LoadTrace& trace, const PolicyTournament& tournament, TickRange scored) {
  const auto& target = tournament.target();
  ScalingComparison comparison{.scored = scored,
                               .ours = tournament.ReplayChosen(trace, scored),
                               .hpa = {},
                               .static_peak = ReplayStaticPeak(trace, target, scored),
                               .oracle = ReplayOracle(trace, target, scored)};
  const double limit = std::max(target.tolerated_loss, comparison.ours.lost_load_share);
  const double time_limit = std::max(target.tolerated_short_time, comparison.ours.short_time_share);
  bool first = true;
  for (int percent = 110; percent >= 4; --percent) {
    const auto outcome = ReplayHpa(trace, target, scored, percent / 100.0);
    const bool within = outcome.lost_load_share <= limit && outcome.short_time_share <= time_limit;
    const bool better = within == comparison.hpa_keeps_up
                            ? (within ? outcome.replica_hours < comparison.hpa.replica_hours
                                      : outcome.lost_load_share < comparison.hpa.lost_load_share)
                            : within;
    if (!first && !better) continue;
    first = false;
    comparison.hpa = outcome;
    comparison.hpa_utilisation = percent / 100.0;
    comparison.hpa_keeps_up = within;
  }
  return comparison;
}

TickRange NewerHalf(const LoadTrace& trace) {
  constexpr std::size_t kTicksADay = std::chrono::days{1} / kTick;
  const std::size_t ticks = Ticks(trace);
  const std::size_t days = ticks / kTicksADay;
  return {days / 2 * kTicksADay, ticks};
}

}  // namespace helios::ml
