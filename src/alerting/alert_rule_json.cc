// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/alert_rule_json.h"

#include <boost/json/array.hpp>

namespace helios::alerting {
namespace {

boost::json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  if (!time) return nullptr;
  return boost::json::value(FormatRfc3339(*time));
}

template <class T>
boost::json::value If(bool used, T value) {
  if (!used) return nullptr;
  return boost::json::value(value);
}

}  // namespace

boost::json::object ToJson(const AlertRule& rule) {
  const RuleDefinition& definition = rule.definition;
  const bool forecast = definition.condition == Condition::kForecastBreach;
  const bool threshold =
      forecast || definition.condition == Condition::kAbove || definition.condition == Condition::kBelow;
  boost::json::object labels;
  for (const auto& [name, value] : definition.labels) labels[name] = value;
  boost::json::array channels;
  for (const Uuid& channel : definition.channels) channels.emplace_back(channel.ToString());
  boost::json::value error;
  if (rule.evaluation_error) error = *rule.evaluation_error;
  boost::json::value incident;
  if (rule.incident) incident = rule.incident->ToString();
  return {{"id", rule.id.ToString()},
          {"name", definition.name},
          {"metric", definition.metric},
          {"labels", std::move(labels)},
          {"match", definition.match},
          {"condition", ConditionName(definition.condition)},
          {"threshold", If(threshold, definition.threshold)},
          {"direction", If(forecast, definition.breach_above ? "above" : "below")},
          {"horizon_minutes", If(forecast, static_cast<std::int64_t>(definition.horizon.count()))},
          {"probability", If(forecast, definition.probability)},
          {"sensitivity", If(definition.condition == Condition::kOutsideExpected, definition.sensitivity)},
          {"for_seconds", static_cast<std::int64_t>(definition.hold.count())},
          {"severity", definition.severity},
          {"enabled", definition.enabled},
          {"channels", std::move(channels)},
          {"firing_since", TimeOrNull(rule.firing_since)},
          {"incident_id", std::move(incident)},
          {"evaluated_at", TimeOrNull(rule.evaluated_at)},
          {"evaluation_error", std::move(error)},
          {"created_at", FormatRfc3339(rule.created_at)},
          {"updated_at", FormatRfc3339(rule.updated_at)}};
}

}  // namespace helios::alerting
