// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/breach.h"

#include <algorithm>
#include <cmath>

namespace helios::alerting {
namespace {

constexpr int kSteps = 12;
constexpr double kMedianLevel = 0.5;  // any will do
constexpr double kMedian = 0.5;

}  // namespace

double LevelFor(double probability) {
  const double level = std::abs(2 * probability - 1);
  return level > 0 ? level : kMedianLevel;
}

std::vector<std::chrono::minutes> HorizonsOf(const RuleDefinition& rule) {
  const std::int64_t whole = rule.horizon.count();
  std::vector<std::chrono::minutes> horizons;
  for (int i = 1; i <= kSteps; ++i) {
    const std::chrono::minutes horizon{std::max<std::int64_t>(1, whole * i / kSteps)};
    if (horizons.empty() || horizon > horizons.back()) horizons.push_back(horizon);
  }
  return horizons;
}

Judged JudgeForecast(const RuleDefinition& rule, const std::vector<ForecastStep>& steps, TimestampMs time) {
  for (const ForecastStep& step : steps) {
    // The value that is exceeded (undercut) with exactly the rule's probability.
    double edge = step.value;
    if (rule.probability != kMedian) edge = (rule.probability > kMedian) == rule.breach_above ? step.lower : step.upper;
    const double excess = rule.breach_above ? edge - rule.threshold : rule.threshold - edge;
    if (excess > 0) return {.time = time, .holds = true, .value = step.value, .excess = excess};
  }
  return {.time = time, .holds = false, .value = steps.empty() ? 0 : steps.back().value, .excess = 0};
}

Judged JudgeThreshold(const RuleDefinition& rule, TimestampMs time, double value) {
  const double excess = rule.condition == Condition::kAbove ? value - rule.threshold : rule.threshold - value;
  return {.time = time, .holds = excess > 0, .value = value, .excess = std::max(excess, 0.0)};
}

}  // namespace helios::alerting
