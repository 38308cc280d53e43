// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

namespace helios::tenancy {

enum class Plan : std::uint8_t { kStarter, kProfessional, kEnterprise };

/// "starter", "professional", "enterprise".
[[nodiscard]] std::string_view PlanName(Plan plan);
[[nodiscard]] std::optional<Plan> ParsePlan(std::string_view name);

/// What a plan allows: DESIGN §3 rule 19 and the product's price list. 0 means without limit.
struct PlanLimits {
  std::size_t max_active_series;
  std::uint64_t samples_per_second;
  std::uint64_t api_requests_per_minute;
  std::uint64_t api_requests_per_hour;
  std::chrono::hours raw_retention;
  std::chrono::hours rollup_retention;  ///< of 5-minute and hourly rollups
  // What an organization's own settings may ask for, at most.
  std::chrono::days max_raw_retention;
  std::chrono::days max_rollup_retention;
  std::size_t max_notification_channels;  ///< 0: any number
  // Allowances of a calendar month in UTC. They refuse nothing: what exceeds them is billed.
  std::uint64_t samples_per_month;
  std::uint64_t predictions_per_month;
};

/// Enterprise has no limit on API requests in a self-hosted platform.
[[nodiscard]] PlanLimits LimitsOf(Plan plan);

/// How long an organization keeps what it stored, where it says so itself.
struct RetentionSettings {
  std::optional<std::chrono::days> raw;
  std::optional<std::chrono::days> rollups;
};

struct Retention {
  std::chrono::hours raw;
  std::chrono::hours rollups;
  bool operator==(const Retention&) const = default;
};

/// What the settings come to: the plan's where they say nothing, and never more than the plan allows, which may have
/// been another one when they were made. Rollups are kept at least as long as samples.
[[nodiscard]] Retention RetentionOf(Plan plan, const RetentionSettings& settings);

}  // namespace helios::tenancy
