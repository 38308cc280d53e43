// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "ml/internal/scaling/replay.h"
#include "ml/scaling_policy.h"
#include "ml/scaling_simulator.h"

namespace helios::ml {

/// A policy for a target, chosen by replaying the target's own history.
struct PolicyChoice {
  PolicySettings settings;
  std::string reason;           ///< why this one: one sentence for a person
  std::size_t days_judged = 0;  ///< of history that the candidates were replayed over
  ScalingOutcome outcome;       ///< of it there
  ScalingOutcome hpa;           ///< of the HPA there, at the utilisation that does best by the same rule
  double hpa_utilisation = 0.0;
};

/// Every candidate policy replayed once over a trace, so that a choice at the end of any of its days is a sum.
///
/// Candidates: Kubernetes' rule at many utilisations, headrooms over the present load, quantiles of the forecast with
/// many margins, shares of the daily profile and of recent peaks. A choice is the cheapest over the days before (the
/// newest kMostDays) whose loss stays within what the target tolerates, less a reserve for days unlike those; a policy
/// that loses n times that counts as n times as dear. Where nothing that looks ahead is better than the rest by
/// kLeastGain, prediction does not pay, and the reactive rule stays. Cost: scaling_bench.cc.
class PolicyTournament {
 public:
  static constexpr std::size_t kMostDays = 14;
  static constexpr double kLeastGain = 0.02;
  static constexpr double kReserve = 0.6;  ///< share of the tolerated loss that a choice may use up in hindsight

  /// Errors: those of CheckScalingTarget() and CheckLoadTrace().
  [[nodiscard]] static Result<PolicyTournament> Run(const LoadTrace& trace, const ScalingTarget& target);

  /// The choice that the first `days` of the trace lead to; of all of them where there are fewer.
  [[nodiscard]] PolicyChoice ChooseAfter(std::size_t days) const;

  /// Whole days in the trace.
  [[nodiscard]] std::size_t days() const { return days_; }

  /// What the chosen policy, chosen again at the end of each day from what was known then, cost and lost in `scored`.
  [[nodiscard]] ScalingOutcome ReplayChosen(const LoadTrace& trace, TickRange scored,
                                            const ReplaySink& sink = {}) const;

  [[nodiscard]] const LoadOutlook& outlook() const { return *outlook_; }
  [[nodiscard]] const ScalingTarget& target() const { return target_; }

 private:
  struct Candidate {
    PolicySettings settings;
    std::vector<LoadAccount> days;
  };

  PolicyTournament(const LoadTrace& trace, const ScalingTarget& target);

  ScalingTarget target_;
  std::shared_ptr<const LoadOutlook> outlook_;
  std::size_t days_ = 0;
  std::vector<Candidate> candidates_;
};

}  // namespace helios::ml
