// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/plan.h"

#include <algorithm>

namespace helios::tenancy {

std::string_view PlanName(Plan plan) {
  switch (plan) {
    case Plan::kStarter: return "starter";
    case Plan::kProfessional: return "professional";
    case Plan::kEnterprise: return "enterprise";
  }
  return "starter";
}

std::optional<Plan> ParsePlan(std::string_view name) {
  for (const Plan plan : {Plan::kStarter, Plan::kProfessional, Plan::kEnterprise}) {
    if (name == PlanName(plan)) return plan;
  }
  return std::nullopt;
}

PlanLimits LimitsOf(Plan plan) {
  using std::chrono::days;
  using std::chrono::hours;
  switch (plan) {
    case Plan::kStarter:
      return {.max_active_series = 10'000,
              .samples_per_second = 1'000,
              .api_requests_per_minute = 100,
              .api_requests_per_hour = 5'000,
              .raw_retention = hours{7 * 24},
              .rollup_retention = hours{90 * 24},
              .max_raw_retention = days{7},
              .max_rollup_retention = days{90},
              .max_notification_channels = 2,
              .samples_per_month = 10'000'000,
              .predictions_per_month = 100'000};
    case Plan::kProfessional:
      return {.max_active_series = 150'000,
              .samples_per_second = 10'000,
              .api_requests_per_minute = 1'000,
              .api_requests_per_hour = 50'000,
              .raw_retention = hours{30 * 24},
              .rollup_retention = hours{400 * 24},
              .max_raw_retention = days{30},
              .max_rollup_retention = days{400},
              .max_notification_channels = 10,
              .samples_per_month = 100'000'000,
              .predictions_per_month = 1'000'000};
    case Plan::kEnterprise:
      return {.max_active_series = 10'000'000,
              .samples_per_second = 0,
              .api_requests_per_minute = 0,
              .api_requests_per_hour = 0,
              .raw_retention = hours{90 * 24},
              .rollup_retention = hours{800 * 24},
              .max_raw_retention = days{3650},
              .max_rollup_retention = days{3650},
              .max_notification_channels = 0,
              .samples_per_month = 0,
              .predictions_per_month = 0};
  }
  return LimitsOf(Plan::kStarter);
}

Retention RetentionOf(Plan plan, const RetentionSettings& settings) {
  constexpr std::chrono::days kLeast{1};
  const PlanLimits limits = LimitsOf(plan);
  Retention retention{.raw = limits.raw_retention, .rollups = limits.rollup_retention};
  if (settings.raw) retention.raw = std::clamp(*settings.raw, kLeast, limits.max_raw_retention);
  if (settings.rollups) retention.rollups = std::clamp(*settings.rollups, kLeast, limits.max_rollup_retention);
  retention.rollups = std::max(retention.rollups, retention.raw);
  return retention;
}

}  // namespace helios::tenancy
