// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/autoscaler_json.h"

#include <boost/json/array.hpp>

#include <algorithm>

namespace helios::scaling {
namespace {

namespace json = boost::json;

constexpr std::string_view kGroupVersion = "external.metrics.k8s.io/v1beta1";
constexpr int kWindowSeconds = 60;  // a target is evaluated each minute

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Result<LabelCondition> ParseCondition(std::string_view text) {
  const std::size_t at = text.find('=');
  const bool unequal = at != std::string_view::npos && at > 0 && text[at - 1] == '!';
  const auto name = Trimmed(text.substr(0, at == std::string_view::npos ? 0 : at - (unequal ? 1 : 0)));
  if (name != "target" && name != "target_id") {
    return Fail(
        ErrorCode::kInvalidArgument, "scaling.bad_selector",
        "cannot read labelSelector: got '{}'; want target=NAME or target_id=ID, with =, == or !=", text.substr(0, 100));
  }
  auto value = text.substr(at + 1);
  if (!unequal && value.starts_with('=')) value.remove_prefix(1);
  return LabelCondition{std::string(name), std::string(Trimmed(value)), !unequal};
}

}  // namespace

json::object ApiResourcesJson() {
  return {{"kind", "APIResourceList"},
          {"apiVersion", "v1"},
          {"groupVersion", kGroupVersion},
          {"resources", json::array{json::object{{"name", kExternalMetric},
                                                 {"singularName", ""},
                                                 {"namespaced", true},
                                                 {"kind", "ExternalMetricValueList"},
                                                 {"verbs", json::array{"get"}}}}}};
}

Result<std::vector<LabelCondition>> ParseLabelSelector(std::string_view text) {
  std::vector<LabelCondition> conditions;
  while (!Trimmed(text).empty()) {
    const std::size_t comma = text.find(',');
    HELIOS_TRY(auto condition, ParseCondition(text.substr(0, comma)));
    conditions.push_back(std::move(condition));
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
  }
  return conditions;
}

bool Meets(const Target& target, std::span<const LabelCondition> conditions) {
  return std::ranges::all_of(conditions, [&](const LabelCondition& condition) {
    const bool same = condition.value == (condition.name == "target" ? target.settings.name : target.id.ToString());
    return same == condition.equal;
  });
}

json::object MetricValuesJson(std::span<const std::pair<Target, TargetAdvice>> values) {
  json::array items;
  for (const auto& [target, advice] : values) {
    items.push_back(
        json::object{{"metricName", kExternalMetric},
                     {"metricLabels", {{"target", target.settings.name}, {"target_id", target.id.ToString()}}},
                     {"timestamp", FormatRfc3339(advice.time)},
                     {"window", kWindowSeconds},
                     {"value", std::to_string(advice.replicas)}});
  }
  return {{"kind", "ExternalMetricValueList"},
          {"apiVersion", kGroupVersion},
          {"metadata", json::object{}},
          {"items", std::move(items)}};
}

}  // namespace helios::scaling
