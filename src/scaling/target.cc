// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/target.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "pg/uuid_list.h"

namespace helios::scaling {
namespace {

std::optional<TargetAdvice> AdviceOf(const pg::Rows::Row& row) {
  const auto time = row.Get<std::optional<TimestampMs>>("advised_at");
  if (!time) return std::nullopt;
  return TargetAdvice{.time = *time,
                      .replicas = row.Get<std::int64_t>("replicas"),
                      .needed = row.Get<std::int64_t>("needed"),
                      .load = row.Get<double>("load")};
}

}  // namespace

Target TargetOf(const pg::Rows::Row& row) {
  Target target;
  target.id = row.Get<Uuid>("id");
  auto& settings = target.settings;
  settings.name = row.Get<std::string>("name");
  settings.metric = row.Get<std::string>("metric_name");
  settings.labels = row.Get<std::string>("labels");
  settings.limits.per_replica_capacity = row.Get<double>("per_replica_capacity");
  settings.limits.min_replicas = static_cast<std::int32_t>(row.Get<std::int64_t>("min_replicas"));
  settings.limits.max_replicas = static_cast<std::int32_t>(row.Get<std::int64_t>("max_replicas"));
  settings.limits.startup = std::chrono::seconds{row.Get<std::int64_t>("startup_seconds")};
  settings.limits.tolerated_loss = row.Get<double>("max_violation_ratio");
  settings.limits.tolerated_short_time = row.Get<double>("max_short_time_ratio");
  settings.cost_per_replica_hour = row.Get<std::optional<double>>("cost_per_replica_hour");
  settings.currency = row.Get<std::optional<std::string>>("currency");
  settings.shadow = row.Get<std::string>("mode") == "shadow";
  settings.enabled = row.Get<bool>("enabled");
  settings.channels = pg::ParseUuidList(row.Get<std::string>("channels"));
  settings.all_webhooks = row.Get<bool>("all_webhooks");
  target.policy = row.Get<std::optional<std::string>>("policy");
  target.replay = row.Get<std::optional<std::string>>("replay");
  target.replayed_at = row.Get<std::optional<TimestampMs>>("replayed_at");
  target.advice = AdviceOf(row);
  target.failure = row.Get<std::optional<std::string>>("failure");
  target.created_at = row.Get<TimestampMs>("created_at");
  target.updated_at = row.Get<TimestampMs>("updated_at");
  return target;
}

tsdb::SeriesSelector SelectorOf(const TargetSettings& settings) {
  tsdb::SeriesSelector selector{.metric = settings.metric, .matchers = {}};
  const auto labels = boost::json::parse(settings.labels);
  for (const auto& label : labels.as_object()) {
    selector.matchers.push_back({.label = label.key(),
                                 .kind = tsdb::Matcher::Kind::kEqual,
                                 .value = std::string(std::string_view(label.value().as_string()))});
  }
  return selector;
}

Result<TargetAdvice> ServableAdvice(const Target& target, TimestampMs now) {
  const auto& name = target.settings.name;
  if (target.settings.shadow) {
    return Fail(ErrorCode::kFailedPrecondition, "scaling.shadow_mode",
                "cannot advise on '{}': it is in shadow mode, where advice is recorded alone; want mode \"advise\"",
                name);
  }
  if (!target.settings.enabled) {
    return Fail(ErrorCode::kFailedPrecondition, "scaling.disabled", "cannot advise on '{}': it is not enabled", name);
  }
  const bool fresh = target.advice && std::chrono::abs(now - target.advice->time) < kAdviceHolds;
  if (fresh && !target.failure) return *target.advice;
  std::string why = "it was not evaluated yet";
  if (target.advice) why = fmt::format("its last advice is of {}", FormatRfc3339(target.advice->time));
  if (target.failure) {
    const auto failure = boost::json::parse(*target.failure);
    why = std::string(std::string_view(failure.at("detail").as_string()));
  }
  return Fail(ErrorCode::kUnavailable, "scaling.no_advice", "cannot advise on '{}': {}", name, why);
}

}  // namespace helios::scaling
