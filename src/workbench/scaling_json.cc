// SPDX-License-Identifier: Apache-2.0
#include "workbench/scaling_json.h"

#include <cmath>
#include <limits>

namespace helios::workbench {
namespace {

namespace json = boost::json;

json::object OutcomeToJson(const ml::ScalingOutcome& outcome, const ml::ScalingComparison& comparison) {
  json::object object;
  object["replica_hours"] = outcome.replica_hours;
  object["lost_load_share"] = outcome.lost_load_share;
  object["short_time_share"] = outcome.short_time_share;
  object["most_replicas"] = outcome.most_replicas;
  const double ratio = OracleRatio(outcome, comparison);
  object["ratio"] = std::isfinite(ratio) ? json::value(ratio) : json::value(nullptr);
  return object;
}

}  // namespace

double OracleRatio(const ml::ScalingOutcome& outcome, const ml::ScalingComparison& comparison) {
  const double oracle = comparison.oracle.replica_hours;
  if (oracle > 0.0) return outcome.replica_hours / oracle;
  return outcome.replica_hours > 0.0 ? std::numeric_limits<double>::infinity() : 1.0;
}

double SavedShare(const ml::ScalingComparison& comparison) {
  const double hpa = comparison.hpa.replica_hours;
  return hpa > 0.0 ? 1.0 - comparison.ours.replica_hours / hpa : 0.0;
}

json::object ToJson(const ml::ScalingComparison& comparison) {
  constexpr double kTicksADay = std::chrono::days{1} / ml::kTick;
  json::object object;
  object["days"] = static_cast<double>(comparison.scored.last - comparison.scored.first) / kTicksADay;
  object["ours"] = OutcomeToJson(comparison.ours, comparison);
  json::object hpa = OutcomeToJson(comparison.hpa, comparison);
  hpa["target_utilisation"] = comparison.hpa_utilisation;
  hpa["keeps_up"] = comparison.hpa_keeps_up;
  object["hpa"] = std::move(hpa);
  object["static"] = OutcomeToJson(comparison.static_peak, comparison);
  object["oracle"] = OutcomeToJson(comparison.oracle, comparison);
  object["saved_share"] = SavedShare(comparison);
  return object;
}

}  // namespace helios::workbench
