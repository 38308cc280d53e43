// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/training_settings.h"

#include <boost/json/object.hpp>

#include <algorithm>
#include <utility>

#include "http/json.h"
#include "jobs/cron.h"
#include "jobs/time_zone.h"
#include "ml/forecast.h"
#include "tenancy/plan.h"
#include "training/custom_model.h"
#include "training/sql.h"

namespace helios::training {
namespace {

constexpr std::int64_t kLeastDays = 3;
constexpr std::int64_t kMostDays = 90;
constexpr std::size_t kMostHorizons = 12;

std::vector<std::chrono::minutes> HorizonsOf(const boost::json::value& value) {
  std::vector<std::chrono::minutes> horizons;
  if (!value.is_array() || value.as_array().size() > kMostHorizons) return {};
  for (const auto& item : value.as_array()) {
    if (!item.is_int64() || item.as_int64() < 1 || item.as_int64() > ml::kMaxHorizon.count()) return {};
    horizons.emplace_back(item.as_int64());
  }
  return horizons;
}

}  // namespace

TrainingSettings ParseSettings(std::string_view json, std::string timezone) {
  TrainingSettings settings;
  settings.timezone = std::move(timezone);
  const auto parsed = http::ParseJson(json);
  if (!parsed || !parsed->is_object()) return settings;
  const auto& object = parsed->as_object();
  if (const auto* at = object.if_contains("training_schedule"); at != nullptr && at->is_string()) {
    if (std::string cron(at->as_string()); jobs::Cron::Parse(cron)) settings.schedule = std::move(cron);
  }
  if (const auto* at = object.if_contains("training_days"); at != nullptr && at->is_int64()) {
    if (at->as_int64() >= kLeastDays && at->as_int64() <= kMostDays) settings.days = static_cast<int>(at->as_int64());
  }
  if (const auto* at = object.if_contains("forecast_horizons"); at != nullptr) {
    if (auto horizons = HorizonsOf(*at); !horizons.empty()) settings.horizons = std::move(horizons);
  }
  if (const auto* at = object.if_contains("forecast_metrics"); at != nullptr && at->is_array()) {
    settings.first_metrics.clear();
    for (const auto& item : at->as_array()) {
      if (item.is_string()) settings.first_metrics.emplace_back(item.as_string());
    }
  }
  return settings;
}

std::string TrainingSettings::Config() const {
  std::string text = "horizons";
  for (const auto horizon : horizons) text += fmt::format(" {}", horizon.count());
  return text + "; clock " + timezone;
}

ml::LocalClock TrainingSettings::ClockAround(TimestampMs first, TimestampMs last) const {
  const auto zone = jobs::TimeZone::Find(timezone);
  if (!zone) return {};
  std::vector<ml::ClockChange> changes;
  for (const auto& change : zone->Offsets(first, last + ml::kMaxHorizon)) {
    changes.push_back({.from = change.at, .offset = change.offset});
  }
  auto clock = ml::LocalClock::Make(std::move(changes));
  return clock ? *std::move(clock) : ml::LocalClock();
}

Result<TrainingSettings> ReadSettings(pg::TenantTransaction& tx) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kReadSettings, {tx.tenant()}));
  if (rows.empty()) return TrainingSettings{};
  auto settings = ParseSettings(rows.front().Get<std::string>("settings"), rows.front().Get<std::string>("timezone"));
  const auto plan = tenancy::ParsePlan(rows.front().Get<std::string>("plan"));
  settings.custom_models = plan && HasCustomModels(*plan);
  return settings;
}

std::vector<std::string> InOrder(std::vector<std::string> metrics, const std::vector<std::string>& first) {
  const auto rank = [&](const std::string& metric) {
    const auto meant = std::ranges::find_if(
        first, [&](const std::string& name) { return metric == name || metric.starts_with(name + "_"); });
    return meant - first.begin();
  };
  std::ranges::sort(metrics, {}, [&](const std::string& metric) { return std::pair(rank(metric), metric); });
  return metrics;
}

}  // namespace helios::training
