// SPDX-License-Identifier: Apache-2.0
#include "ml/policy_choice.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ml/ensemble_forecaster.h"
#include "ml/internal/scaling/replay.h"

namespace helios::ml {
namespace {

constexpr std::chrono::seconds kDay{86'400};
constexpr std::size_t kTicksADay = kDay / kTick;
constexpr PolicySettings kUnjudged{.hpa = true, .utilisation = 0.5};

/// Whether a source looks ahead, beyond what has just been.
bool LooksAhead(LoadSource source) {
  return source == LoadSource::kForecast || source == LoadSource::kProfile;
}

std::vector<PolicySettings> Candidates() {
  std::vector<PolicySettings> candidates;
  for (double utilisation = 1.0; utilisation > 0.04; utilisation *= 0.93) {
    candidates.push_back({.hpa = true, .utilisation = utilisation});
  }
  for (const double headroom : {0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.55, 0.7, 0.9, 1.2, 1.6, 2.2, 3.0, 5.0}) {
    candidates.push_back({.headroom = headroom});
  }
  const auto add = [&](LoadSource source, double margin, double headroom) {
    candidates.push_back({.source = source, .margin = margin, .headroom = headroom});
  };
  for (const double headroom : {0.0, 0.15, 0.4, 1.0}) {
    for (double margin = 0.0; margin <= 8.0; margin += margin < 3.0 ? 0.25 : 0.5) {
      add(LoadSource::kForecast, margin, headroom);
    }
  }
  for (const double headroom : {0.0, 0.4}) {
    for (const double share : {0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25}) {
      add(LoadSource::kProfile, share, headroom);
    }
    for (const double share : {0.7, 0.85, 1.0, 1.15, 1.3, 1.6, 2.0, 2.6}) add(LoadSource::kLastHour, share, headroom);
    for (const double share : {0.4, 0.55, 0.7, 0.85, 1.0, 1.2}) add(LoadSource::kHalfDay, share, headroom);
    for (const double share : {0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.15}) add(LoadSource::kPeak, share, headroom);
  }
  return candidates;
}

/// First day that counts when `days` are known: after the forecast's or at least the profile's warming up.
std::size_t FirstDay(std::size_t days) {
  if (days > EnsembleForecaster::kLeastDays) return EnsembleForecaster::kLeastDays;
  return days > 1 ? 1 : 0;
}

/// Whether an outcome keeps within what the target tolerates.
bool Tolerated(const ScalingOutcome& outcome, const ScalingTarget& target) {
  return outcome.lost_load_share <= target.tolerated_loss && outcome.short_time_share <= target.tolerated_short_time;
}

/// What an outcome is worth to a target that wants to lose no more than a share of what it tolerates: its cost, times
/// how many times over that it lost. So a load that nobody can foresee does not buy any number of replicas.
double Score(const ScalingOutcome& outcome, const ScalingTarget& target) {
  constexpr double kLeast = 1e-6;  // of the load or the time: a target that tolerates nothing still has a scale for it
  const auto times_over = [&](double share, double tolerated) {
    return share / std::max(PolicyTournament::kReserve * tolerated, kLeast);
  };
  double over = times_over(outcome.lost_load_share, target.tolerated_loss);
  if (target.tolerated_short_time < 1.0) {
    over = std::max(over, times_over(outcome.short_time_share, target.tolerated_short_time));
  }
  return outcome.replica_hours * std::max(1.0, over);
}

/// "0.1 %", or "0.1 % of the load and 1 % of the time".
std::string Limits(const ScalingTarget& target) {
  if (target.tolerated_short_time == 1.0) return fmt::format("{:.3g} %", 100.0 * target.tolerated_loss);
  return fmt::format("{:.3g} % of the load and {:.3g} % of the time", 100.0 * target.tolerated_loss,
                     100.0 * target.tolerated_short_time);
}

std::string Reason(const PolicyChoice& choice, const ScalingTarget& target) {
  const std::string span = fmt::format("{} day{} of history", choice.days_judged, choice.days_judged == 1 ? "" : "s");
  const double lost = 100.0 * choice.outcome.lost_load_share;
  if (!Tolerated(choice.outcome, target)) {
    return fmt::format("No policy kept the loss within {} over {} at a sensible cost; this one lost {:.3g} %: {}.",
                       Limits(target), span, lost, Describe(choice.settings));
  }
  const std::string against =
      Tolerated(choice.hpa, target)
          ? fmt::format("{:.0f} % of the cost of the best-set HPA",
                        choice.hpa.replica_hours > 0.0 ? 100.0 * choice.outcome.replica_hours / choice.hpa.replica_hours
                                                       : 100.0)
          : std::string("a loss that no setting of the HPA comes down to");
  if (!LooksAhead(choice.settings.source)) {
    return fmt::format("Prediction does not pay on this target over {}: {} serves, at {}.", span,
                       Describe(choice.settings), against);
  }
  return fmt::format("Prediction pays: over {}, {} lost {:.3g} % of the load at {}.", span, Describe(choice.settings),
                     lost, against);
}

}  // namespace

PolicyTournament::PolicyTournament(const LoadTrace& trace, const ScalingTarget& target)
    : target_(target), outlook_(std::make_shared<const LoadOutlook>(trace, target)), days_(Ticks(trace) / kTicksADay) {
  const LoadAccount nothing(LoadUnit(trace), target.per_replica_capacity);
  const bool forecast = outlook_->FirstTick(LoadSource::kForecast) < Ticks(trace);
  for (const auto& settings : Candidates()) {
    if (settings.source == LoadSource::kForecast && !forecast) continue;
    Candidate candidate{settings, std::vector(days_, nothing)};
    ScalingPolicy policy(target, *outlook_, settings);
    ReplayTicks(
        trace, target, days_ * kTicksADay, [&](const ScalingMoment& moment) { return policy.Decide(moment); },
        [&](std::size_t tick, double load, std::int32_t total, std::int32_t ready) {
          candidate.days[tick / kTicksADay].Add(load, total, ready);
        });
    candidates_.push_back(std::move(candidate));
  }
}

Result<PolicyTournament> PolicyTournament::Run(const LoadTrace& trace, const ScalingTarget& target) {
  HELIOS_CHECK(CheckScalingTarget(target));
  HELIOS_CHECK(CheckLoadTrace(trace));
  return PolicyTournament(trace, target);
}

PolicyChoice PolicyTournament::ChooseAfter(std::size_t days) const {
  days = std::min(days, days_);
  if (days == 0) {
    return {.settings = kUnjudged,
            .reason = "Less than a day of history: Kubernetes' rule at 50 % utilisation until there is more.",
            .outcome = {},
            .hpa = {},
            .hpa_utilisation = kUnjudged.utilisation};
  }
  const std::size_t first = std::max(FirstDay(days), days - std::min(days, kMostDays));
  struct Leader {
    const Candidate* candidate = nullptr;
    ScalingOutcome outcome;
    double score = 0.0;
  };
  Leader best;
  Leader reactive;  // the best that does not look ahead
  Leader hpa;
  for (const auto& candidate : candidates_) {
    const bool forecast = candidate.settings.source == LoadSource::kForecast;
    if (forecast && first < EnsembleForecaster::kLeastDays) continue;
    LoadAccount account = candidate.days[first];
    for (std::size_t day = first + 1; day < days; ++day) account.Add(candidate.days[day]);
    const Leader challenger{&candidate, account.Outcome(), Score(account.Outcome(), target_)};
    const auto challenge = [&](Leader& leader) {
      if (leader.candidate == nullptr || challenger.score < leader.score) leader = challenger;
    };
    challenge(best);
    if (!LooksAhead(candidate.settings.source)) challenge(reactive);
    if (candidate.settings.hpa) challenge(hpa);
  }

  const bool saves_little = best.score > (1.0 - kLeastGain) * reactive.score;
  const Leader& chosen = saves_little ? reactive : best;
  PolicyChoice choice{.settings = chosen.candidate->settings,
                      .reason = {},
                      .days_judged = days - first,
                      .outcome = chosen.outcome,
                      .hpa = hpa.outcome,
                      .hpa_utilisation = hpa.candidate->settings.utilisation};
  choice.reason = Reason(choice, target_);
  return choice;
}

ScalingOutcome PolicyTournament::ReplayChosen(const LoadTrace& trace, TickRange scored, const ReplaySink& sink) const {
  ScalingPolicy policy(target_, *outlook_, kUnjudged);
  const auto rule = [&](const ScalingMoment& moment) {
    if (moment.tick % kTicksADay == 0) policy.Use(ChooseAfter(moment.tick / kTicksADay).settings);
    return policy.Decide(moment);
  };
  return Replay(trace, target_, scored, rule, sink);
}

}  // namespace helios::ml
