// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "alerting/series_tracker.h"
#include "base/uuid.h"
#include "ml/counter_rate.h"
#include "ml/detector.h"
#include "ml/local_clock.h"

namespace helios::alerting {

/// Whether a metric's series are counters, which are expected to grow and so are judged by their rate a second. It is
/// detection's to say, so that a rule and an anomaly mean the same.
using CounterCheck = std::function<bool(TenantId, const std::string&)>;

/// By what a series' samples are judged.
struct ExpectationJudge {
  ml::Detector detector;
  ml::LocalClock clock;  ///< that the series' days follow: its tenant's
  bool by_rate = false;  ///< a counter
};

/// What is remembered of one series' samples.
struct ExpectationState {
  ml::DetectorState state;
  ml::CounterFollower rates;
};

/// Takes a sample into the state and says whether it lies outside of what was expected before it: the rule's excess is
/// its distance from the range, in widths of the range. Of a counter all that is said of its rate. nullopt for what is
/// not scored (not finite, not newer, of a counter also the first sample and a restart).
[[nodiscard]] std::optional<Judged> JudgeExpectation(const ExpectationJudge& judge, ExpectationState& state,
                                                     TimestampMs time, double value);

}  // namespace helios::alerting
