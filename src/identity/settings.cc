// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/settings.h"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "jobs/cron.h"

namespace helios::identity {
namespace {

constexpr std::size_t kMostHorizons = 12;
constexpr std::int64_t kLongestHorizon = 10'080;  // minutes: a week
constexpr std::size_t kMostMetrics = 100;
constexpr std::size_t kLongestMetric = 255;

struct Number {
  std::string_view name;
  double least = 0;
  double most = 0;
  bool whole = false;
};

/// The setting's value; null where it is left out.
const boost::json::value* Given(const boost::json::object& settings, std::string_view name) {
  const boost::json::value* const value = settings.if_contains(name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

void Refuse(http::ObjectReader& reader, std::string_view name, const boost::json::value& value, std::string_view want) {
  reader.Reject(fmt::format("settings.{}", name), boost::json::serialize(value).substr(0, 100), want);
}

void CheckNumber(http::ObjectReader& reader, const boost::json::object& settings, const Number& number) {
  const boost::json::value* const value = Given(settings, number.name);
  if (value == nullptr) return;
  const bool fits = value->is_number() && (!number.whole || !value->is_double());
  if (fits && value->to_number<double>() >= number.least && value->to_number<double>() <= number.most) return;
  Refuse(reader, number.name, *value,
         fmt::format("a {} from {} to {}", number.whole ? "whole number" : "number", number.least, number.most));
}

/// Retention of an organization's own: rollups no shorter than samples.
void CheckRetention(http::ObjectReader& reader, const boost::json::object& settings, tenancy::Plan plan) {
  const tenancy::PlanLimits limits = tenancy::LimitsOf(plan);
  const auto check = [&](std::string_view name, std::chrono::days most) -> std::optional<std::chrono::days> {
    const boost::json::value* const value = Given(settings, name);
    if (value == nullptr) return std::nullopt;
    const auto* const days = value->if_int64();
    if (days != nullptr && *days >= 1 && *days <= most.count()) return std::chrono::days{*days};
    Refuse(reader, name, *value,
           fmt::format("a whole number of days from 1 to {}, which is what the plan {} allows", most.count(),
                       tenancy::PlanName(plan)));
    return std::nullopt;
  };
  const auto raw = check("raw_retention_days", limits.max_raw_retention);
  const auto rollups = check("rollup_retention_days", limits.max_rollup_retention);
  if (rollups && *rollups < raw.value_or(std::chrono::ceil<std::chrono::days>(limits.raw_retention))) {
    reader.Reject("settings.rollup_retention_days", std::to_string(rollups->count()),
                  "at least as many days as samples are kept");
  }
}

bool IsHorizon(const boost::json::value& value) {
  return value.is_int64() && value.as_int64() >= 1 && value.as_int64() <= kLongestHorizon;
}

bool IsMetric(const boost::json::value& value) {
  return value.is_string() && !value.as_string().empty() && value.as_string().size() <= kLongestMetric;
}

}  // namespace

void CheckSettings(http::ObjectReader& reader, const boost::json::object& settings, tenancy::Plan plan) {
  CheckRetention(reader, settings, plan);
  CheckNumber(reader, settings, {.name = "anomaly_sensitivity", .least = 0, .most = 5, .whole = false});
  CheckNumber(reader, settings, {.name = "anomaly_budget_per_week", .least = 0, .most = 1'000'000, .whole = true});
  CheckNumber(reader, settings, {.name = "training_days", .least = 3, .most = 90, .whole = true});
  if (const auto* value = Given(settings, "training_schedule")) {
    if (!value->is_string()) {
      Refuse(reader, "training_schedule", *value, "a cron expression such as \"0 2 * * *\"");
    } else if (const auto cron = jobs::Cron::Parse(value->as_string()); !cron) {
      Refuse(reader, "training_schedule", *value, "a cron expression: " + cron.error().message);
    }
  }
  if (const auto* value = Given(settings, "forecast_horizons")) {
    const bool fits = value->is_array() && !value->as_array().empty() && value->as_array().size() <= kMostHorizons &&
                      std::ranges::all_of(value->as_array(), IsHorizon);
    if (!fits) {
      Refuse(reader, "forecast_horizons", *value,
             fmt::format("1 to {} whole numbers of minutes, each from 1 to {}", kMostHorizons, kLongestHorizon));
    }
  }
  if (const auto* value = Given(settings, "forecast_metrics")) {
    const bool fits = value->is_array() && value->as_array().size() <= kMostMetrics &&
                      std::ranges::all_of(value->as_array(), IsMetric);
    if (!fits) {
      Refuse(reader, "forecast_metrics", *value,
             fmt::format("up to {} names of metrics, each of 1 to {} bytes", kMostMetrics, kLongestMetric));
    }
  }
}

}  // namespace helios::identity
