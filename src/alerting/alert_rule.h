// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/series.h"

namespace helios::alerting {

/// What has to hold of a series.
enum class Condition : std::uint8_t {
  kAbove,            ///< a sample is greater than the threshold
  kBelow,            ///< a sample is less than the threshold
  kOutsideExpected,  ///< a sample lies where the detector does not expect it
  kNoData,           ///< no sample arrived for `hold`
  kForecastBreach,   ///< the forecast crosses the threshold within the horizon, at least with the probability
};

/// "above", "below", "outside_expected", "no_data", "forecast_breach".
[[nodiscard]] std::string_view ConditionName(Condition condition);
[[nodiscard]] std::optional<Condition> ParseCondition(std::string_view name);

using Labels = std::vector<std::pair<std::string, std::string>>;

/// What an alert rule says.
struct RuleDefinition {
  std::string name;
  std::string metric;
  Labels labels;      ///< each must be equal
  std::string match;  ///< more conditions on labels: {host=~"web.*"}
  Condition condition = Condition::kAbove;
  double threshold = 0;              ///< of above, below and forecast_breach
  bool breach_above = true;          ///< which way a forecast breaches
  std::chrono::minutes horizon{60};  ///< of forecast_breach; 1 min to 7 days
  double probability = 0.5;          ///< of forecast_breach; in [0.05, 0.95]
  double sensitivity = 2.5;          ///< of outside_expected; 0 (quiet) to 5 (keen)
  std::chrono::seconds hold{0};      ///< how long it has to hold; up to a day
  std::string severity = "medium";   ///< low, medium, high, critical
  bool enabled = true;
  std::vector<Uuid> channels;  ///< who is told
};

/// A rule and how it is with it.
struct AlertRule {
  Uuid id;
  RuleDefinition definition;
  std::int64_t state_version = 0;  ///< rises with each evaluation and each change
  std::optional<TimestampMs> evaluated_at;
  std::optional<std::string> evaluation_error;  ///< of the newest evaluation, in words
  std::optional<TimestampMs> firing_since;
  std::optional<Uuid> incident;  ///< of the stretch in progress
  TimestampMs created_at;
  TimestampMs updated_at;
};

/// A digest of metric and labels, 64 hex digits: the name of a series in tables.
[[nodiscard]] std::string SeriesKeyOf(const tsdb::SeriesKey& key);

}  // namespace helios::alerting
