// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/rule_fields.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "http/json.h"

namespace helios::alerting {
namespace {

constexpr std::size_t kMaxNameBytes = 255;
constexpr std::size_t kMaxMatchBytes = 8192;
constexpr std::size_t kMaxChannels = 20;
constexpr std::int64_t kMaxHorizonMinutes = 10'080;
constexpr std::int64_t kMaxHoldSeconds = 86'400;
constexpr std::int64_t kLeastSilenceSeconds = 60;
constexpr double kLeastProbability = 0.05;
constexpr double kMostProbability = 0.95;
constexpr double kMostSensitivity = 5;
constexpr std::array<std::string_view, 4> kSeverities = {"low", "medium", "high", "critical"};

std::unexpected<Error> BadRule(std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, "alerting.bad_rule", "cannot use the alert rule: {}", why);
}

bool HasThreshold(Condition condition) {
  return condition == Condition::kAbove || condition == Condition::kBelow || condition == Condition::kForecastBreach;
}

/// A field that only some conditions use.
struct Use {
  std::string_view field;
  bool used;
};

Result<void> CheckUses(const boost::json::object& body, Condition condition) {
  const bool forecast = condition == Condition::kForecastBreach;
  for (const auto& [field, used] :
       {Use{"threshold", HasThreshold(condition)}, Use{"direction", forecast}, Use{"horizon_minutes", forecast},
        Use{"probability", forecast}, Use{"sensitivity", condition == Condition::kOutsideExpected}}) {
    const auto* value = body.if_contains(field);
    if (value != nullptr && !value->is_null() && !used) {
      return BadRule(
          fmt::format("the condition '{}' does not use '{}'; leave it out", ConditionName(condition), field));
    }
  }
  return {};
}

Result<void> CheckWhole(const RuleDefinition& rule, const MatchParser& parse_match) {
  const bool control = std::ranges::any_of(rule.name, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (rule.name.empty() || rule.name.size() > kMaxNameBytes || control) {
    return BadRule(fmt::format("its name must have 1 to {} bytes without control characters", kMaxNameBytes));
  }
  if (rule.metric.empty()) return BadRule("its metric is empty");
  if (!std::isfinite(rule.threshold)) return BadRule("its threshold is not finite");
  if (!(rule.probability >= kLeastProbability && rule.probability <= kMostProbability)) {
    return BadRule(fmt::format("its probability must lie in [{}, {}]", kLeastProbability, kMostProbability));
  }
  if (!(rule.sensitivity >= 0 && rule.sensitivity <= kMostSensitivity)) {
    return BadRule(fmt::format("its sensitivity must lie in [0, {}]", kMostSensitivity));
  }
  if (rule.condition == Condition::kNoData && rule.hold.count() < kLeastSilenceSeconds) {
    return BadRule(
        fmt::format("no_data wants for_seconds of {} at least: how long the silence lasts", kLeastSilenceSeconds));
  }
  if (const auto selector = SelectorOf(rule, parse_match); !selector) return std::unexpected(selector.error());
  return {};
}

/// Each field by itself.
Result<void> PutFields(RuleDefinition& rule, const boost::json::object& body, bool is_new) {
  http::ObjectReader reader(body);
  if (is_new) {
    rule.name = reader.String("name");
    rule.metric = reader.String("metric", tsdb::kMaxMetricNameBytes);
  } else {
    rule.name = reader.OptionalString("name").value_or(rule.name);
    rule.metric = reader.OptionalString("metric", tsdb::kMaxMetricNameBytes).value_or(rule.metric);
  }
  if (auto labels = reader.OptionalStringMap("labels"); is_new || body.contains("labels"))
    rule.labels = std::move(labels);
  rule.match = reader.OptionalString("match", kMaxMatchBytes).value_or(rule.match);
  const auto condition = is_new ? std::optional(reader.String("condition")) : reader.OptionalString("condition");
  if (condition) {
    if (const auto parsed = ParseCondition(*condition)) {
      rule.condition = *parsed;
    } else {
      reader.Reject("condition", *condition, "above, below, outside_expected, no_data or forecast_breach");
    }
  }
  rule.threshold = reader.OptionalNumber("threshold").value_or(rule.threshold);
  if (const auto direction = reader.OptionalString("direction")) {
    rule.breach_above = *direction == "above";
    if (*direction != "above" && *direction != "below") reader.Reject("direction", *direction, "above or below");
  }
  rule.horizon = std::chrono::minutes{
      reader.OptionalInteger("horizon_minutes", 1, kMaxHorizonMinutes).value_or(rule.horizon.count())};
  rule.probability = reader.OptionalNumber("probability").value_or(rule.probability);
  rule.sensitivity = reader.OptionalNumber("sensitivity").value_or(rule.sensitivity);
  rule.hold =
      std::chrono::seconds{reader.OptionalInteger("for_seconds", 0, kMaxHoldSeconds).value_or(rule.hold.count())};
  rule.severity = reader.OptionalString("severity").value_or(rule.severity);
  if (std::ranges::find(kSeverities, rule.severity) == kSeverities.end()) {
    reader.Reject("severity", rule.severity, "low, medium, high or critical");
  }
  rule.enabled = reader.OptionalBool("enabled").value_or(rule.enabled);
  if (const auto channels = reader.OptionalStrings("channels", kMaxChannels, 36)) {
    rule.channels.clear();
    for (const std::string& text : *channels) {
      const auto id = Uuid::Parse(text);
      if (!id) reader.Reject("channels", text, "ids of notification channels");
      if (id && std::ranges::find(rule.channels, *id) == rule.channels.end()) rule.channels.push_back(*id);
    }
  }
  return reader.Finish();
}

}  // namespace

Result<void> CheckFields(const boost::json::object& body) {
  RuleDefinition any;
  return PutFields(any, body, false);
}

Result<RuleDefinition> ApplyFields(RuleDefinition rule, const boost::json::object& body, bool is_new,
                                   const MatchParser& parse_match) {
  HELIOS_CHECK(PutFields(rule, body, is_new));
  HELIOS_CHECK(CheckUses(body, rule.condition));
  const auto* threshold = body.if_contains("threshold");
  if (is_new && HasThreshold(rule.condition) && (threshold == nullptr || threshold->is_null())) {
    return BadRule(fmt::format("the condition '{}' wants a threshold", ConditionName(rule.condition)));
  }
  HELIOS_CHECK(CheckWhole(rule, parse_match));
  return rule;
}

Result<tsdb::SeriesSelector> SelectorOf(const RuleDefinition& rule, const MatchParser& parse_match) {
  tsdb::SeriesSelector selector;
  selector.metric = rule.metric;
  for (const auto& [name, value] : rule.labels) {
    selector.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
  HELIOS_TRY(auto more, parse_match(rule.match));
  std::ranges::move(more, std::back_inserter(selector.matchers));
  return selector;
}

}  // namespace helios::alerting
