// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "ml/scaling_recommendation.h"
#include "pg/rows.h"
#include "tsdb/series.h"

namespace helios::scaling {

/// What a tenant states of a target: what is scaled, by which load, and how it may be.
struct TargetSettings {
  std::string name;
  std::string metric;
  std::string labels = "{}";  ///< a JSON object of strings
  ml::ScalingTarget limits;
  std::optional<double> cost_per_replica_hour;
  std::optional<std::string> currency;  ///< three letters
  bool shadow = false;                  ///< advice is recorded, and no autoscaler is told
  bool enabled = true;
  std::vector<Uuid> channels;  ///< notification channels that are told when the advice changes
  bool all_webhooks = false;   ///< so is each enabled webhook
};

/// What was advised last, of a minute that the load was known in.
struct TargetAdvice {
  TimestampMs time;
  std::int64_t replicas = 0;
  std::int64_t needed = 0;  ///< by the present load alone
  double load = 0;
};

/// A row of scaling_targets.
struct Target {
  Uuid id;
  TargetSettings settings;
  std::optional<std::string> policy;  ///< PolicyToJson(); none until it was chosen
  std::optional<std::string> replay;  ///< wire::ComparisonJson()
  std::optional<TimestampMs> replayed_at;
  std::optional<TargetAdvice> advice;
  std::optional<std::string> failure;  ///< {"code", "detail"}, where the newest evaluation failed
  TimestampMs created_at;
  TimestampMs updated_at;
};

/// Of a row that has every column that sql/find_target.sql selects.
[[nodiscard]] Target TargetOf(const pg::Rows::Row& row);

/// The series that the target's load is the sum of.
[[nodiscard]] tsdb::SeriesSelector SelectorOf(const TargetSettings& settings);

/// How long advice may be served for after its minute.
inline constexpr std::chrono::minutes kAdviceHolds{3};

/// The advice, for an autoscaler to act on.
/// Errors: kFailedPrecondition scaling.shadow_mode, scaling.disabled; kUnavailable scaling.no_advice: the load is
/// unknown or was not looked at for kAdviceHolds, and why.
[[nodiscard]] Result<TargetAdvice> ServableAdvice(const Target& target, TimestampMs now);

}  // namespace helios::scaling
