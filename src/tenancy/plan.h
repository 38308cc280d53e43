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
  std::size_t max_notification_channels;
};

/// Enterprise has no limit on API requests in a self-hosted platform.
[[nodiscard]] PlanLimits LimitsOf(Plan plan);

}  // namespace helios::tenancy
