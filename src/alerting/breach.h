// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "alerting/alert_rule.h"
#include "alerting/forecast_source.h"
#include "alerting/series_tracker.h"

namespace helios::alerting {

/// The level of the interval whose edge is the quantile that decides a breach: a forecast value exceeds the lower edge
/// of the central interval of level L with probability (1 + L) / 2, and the upper edge with (1 - L) / 2. For a
/// probability of one half the forecast itself decides, and the level does not matter.
[[nodiscard]] double LevelFor(double probability);

/// A dozen horizons up to the rule's, evenly spaced, at least a minute apart.
[[nodiscard]] std::vector<std::chrono::minutes> HorizonsOf(const RuleDefinition& rule);

/// Whether some step of the forecast, which was made at LevelFor(rule.probability), lies beyond the threshold with at
/// least the rule's probability. That is a lower bound for the probability that the threshold is crossed at all within
/// the horizon. `time` is the time of the look; value and excess are those of the first such step.
[[nodiscard]] Judged JudgeForecast(const RuleDefinition& rule, const std::vector<ForecastStep>& steps,
                                   TimestampMs time);

/// Whether a sample is beyond the threshold of a rule of kind above or below.
[[nodiscard]] Judged JudgeThreshold(const RuleDefinition& rule, TimestampMs time, double value);

}  // namespace helios::alerting
