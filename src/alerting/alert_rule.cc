// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/alert_rule.h"

#include <array>

#include "base/hex.h"
#include "crypto/digest.h"

namespace helios::alerting {
namespace {

constexpr std::array<std::pair<Condition, std::string_view>, 5> kNames = {
    {{Condition::kAbove, "above"},
     {Condition::kBelow, "below"},
     {Condition::kOutsideExpected, "outside_expected"},
     {Condition::kNoData, "no_data"},
     {Condition::kForecastBreach, "forecast_breach"}}};

}  // namespace

std::string_view ConditionName(Condition condition) {
  for (const auto& [value, name] : kNames) {
    if (value == condition) return name;
  }
  return "";
}

std::optional<Condition> ParseCondition(std::string_view name) {
  for (const auto& [value, known] : kNames) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::string SeriesKeyOf(const tsdb::SeriesKey& key) {
  // Lengths keep apart what would read the same when joined.
  std::string text = fmt::format("{}:{}", key.metric.size(), key.metric);
  for (const auto& [name, value] : key.labels) {
    text += fmt::format("{}:{}{}:{}", name.size(), name, value.size(), value);
  }
  return ToHex(crypto::Sha256(text));
}

}  // namespace helios::alerting
