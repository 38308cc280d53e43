// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/alert_rules.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "alerting/sql.h"
#include "alerting/stretch.h"
#include "pg/uuid_list.h"
#include "tenancy/placement.h"

namespace helios::alerting {
namespace {

using tenancy::Permission;

std::unexpected<Error> NoSuchRule(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "alerting.no_such_rule", "cannot find the alert rule {}", id);
}

AlertRule RuleOf(const pg::Rows::Row& row) {
  AlertRule rule;
  rule.id = row.Get<Uuid>("id");
  RuleDefinition& definition = rule.definition;
  definition.name = row.Get<std::string>("name");
  definition.metric = row.Get<std::string>("metric_name");
  definition.labels = LabelsFromJson(row.Get<std::string>("labels"));
  definition.match = row.Get<std::string>("match");
  definition.condition = ParseCondition(row.Get<std::string>("condition")).value_or(Condition::kAbove);
  definition.threshold = row.Get<std::optional<double>>("threshold").value_or(0);
  definition.breach_above = row.Get<std::string>("direction") == "above";
  if (const auto minutes = row.Get<std::optional<std::int64_t>>("horizon_minutes")) {
    definition.horizon = std::chrono::minutes{*minutes};
  }
  definition.probability = row.Get<std::optional<double>>("probability").value_or(definition.probability);
  definition.sensitivity = row.Get<std::optional<double>>("sensitivity").value_or(definition.sensitivity);
  definition.hold = std::chrono::seconds{row.Get<std::int64_t>("for_seconds")};
  definition.severity = row.Get<std::string>("severity");
  definition.enabled = row.Get<bool>("enabled");
  definition.channels = pg::ParseUuidList(row.Get<std::string>("channels"));
  rule.state_version = row.Get<std::int64_t>("state_version");
  rule.evaluated_at = row.Get<std::optional<TimestampMs>>("evaluated_at");
  rule.evaluation_error = row.Get<std::optional<std::string>>("evaluation_error");
  rule.firing_since = row.Get<std::optional<TimestampMs>>("firing_since");
  rule.incident = row.Get<std::optional<Uuid>>("incident_id");
  rule.created_at = row.Get<TimestampMs>("created_at");
  rule.updated_at = row.Get<TimestampMs>("updated_at");
  return rule;
}

Result<void> SetChannels(pg::TenantTransaction& tx, const Uuid& id, const std::vector<Uuid>& channels) {
  HELIOS_CHECK(tx.Execute(sql::kClearRuleChannels, {tx.tenant(), id}));
  std::vector<std::string> texts;
  for (const Uuid& channel : channels) texts.push_back(channel.ToString());
  auto inserted = tx.Execute(sql::kInsertRuleChannels, {tx.tenant(), id, texts});
  if (!inserted && inserted.error().reason == "pg.foreign_key_violation") {
    return Fail(ErrorCode::kInvalidArgument, "alerting.no_such_channel",
                "cannot use the alert rule: 'channels' names a notification channel that does not exist; "
                "GET /api/v1/notification-channels lists them");
  }
  if (!inserted) return std::unexpected(std::move(inserted).error());
  return {};
}

/// What the condition does not use is not kept.
struct Stored {
  std::optional<double> threshold, probability, sensitivity;
  std::optional<std::int64_t> horizon;
};

Stored StoredOf(const RuleDefinition& rule) {
  Stored stored;
  const bool forecast = rule.condition == Condition::kForecastBreach;
  if (forecast || rule.condition == Condition::kAbove || rule.condition == Condition::kBelow) {
    stored.threshold = rule.threshold;
  }
  if (forecast) {
    stored.probability = rule.probability;
    stored.horizon = rule.horizon.count();
  }
  if (rule.condition == Condition::kOutsideExpected) stored.sensitivity = rule.sensitivity;
  return stored;
}

std::string_view DirectionOf(const RuleDefinition& rule) {
  return rule.breach_above ? "above" : "below";
}

}  // namespace

std::string LabelsToJson(const Labels& labels) {
  boost::json::object object;
  for (const auto& [name, value] : labels) object[name] = value;
  return boost::json::serialize(object);
}

Labels LabelsFromJson(const std::string& json) {
  Labels labels;
  for (const auto& member : boost::json::parse(json).as_object()) {
    labels.emplace_back(member.key(), member.value().is_string() ? std::string(member.value().as_string()) : "");
  }
  return labels;
}

Result<AlertRule> FindRule(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindRule, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchRule(id);
  return RuleOf(rows.front());
}

Result<AlertRule> CreateRule(const Environment& environment, const tenancy::RequestContext& context,
                             const RuleDefinition& definition) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_CHECK(tenancy::EnsurePlaced(environment.database, context.tenant, context.deadline));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  const Uuid id = Uuid::V7(context.now, environment.random);
  const Stored stored = StoredOf(definition);
  HELIOS_TRY(const auto inserted,
             tx.Execute(sql::kInsertRule,
                        {tx.tenant(), id, definition.name, definition.metric, LabelsToJson(definition.labels),
                         definition.match, ConditionName(definition.condition), stored.threshold,
                         DirectionOf(definition), stored.horizon, stored.probability, stored.sensitivity,
                         definition.hold.count(), definition.severity, definition.enabled, kMaxRules, context.now}));
  if (inserted.empty()) {
    return Fail(ErrorCode::kQuotaExceeded, "alerting.rule_limit",
                "cannot add an alert rule: there are {}, as many as an organization may have; delete one", kMaxRules);
  }
  HELIOS_CHECK(SetChannels(tx, id, definition.channels));
  HELIOS_CHECK(environment.audit.Record(tx, context, "alert_rule.create", id));
  HELIOS_TRY(AlertRule rule, FindRule(tx, id));
  HELIOS_CHECK(tx.Commit());
  return rule;
}

Result<std::vector<AlertRule>> ListRules(const Environment& environment, const tenancy::RequestContext& context,
                                         const tenancy::Page& page) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListRules, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<AlertRule> rules;
  rules.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rules.push_back(RuleOf(rows[i]));
  return rules;
}

Result<AlertRule> GetRule(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  return FindRule(tx, id);
}

Result<AlertRule> ReplaceRule(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id,
                              const RuleDefinition& definition) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(tx.Execute(sql::kLockRule, {tx.tenant(), id}));
  HELIOS_TRY(const AlertRule before, FindRule(tx, id));
  HELIOS_CHECK(EndStretch(tx, before, environment.sink, context.now));
  const Stored stored = StoredOf(definition);
  HELIOS_CHECK(tx.Execute(sql::kUpdateRule,
                          {tx.tenant(), id, definition.name, definition.metric, LabelsToJson(definition.labels),
                           definition.match, ConditionName(definition.condition), stored.threshold,
                           DirectionOf(definition), stored.horizon, stored.probability, stored.sensitivity,
                           definition.hold.count(), definition.severity, definition.enabled, context.now}));
  HELIOS_CHECK(SetChannels(tx, id, definition.channels));
  HELIOS_CHECK(environment.audit.Record(tx, context, "alert_rule.update", id));
  HELIOS_TRY(AlertRule rule, FindRule(tx, id));
  HELIOS_CHECK(tx.Commit());
  environment.sink.Wake(context.tenant);
  return rule;
}

Result<void> DeleteRule(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_CHECK(context.Require(Permission::kAlertingWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(tx.Execute(sql::kLockRule, {tx.tenant(), id}));
  HELIOS_TRY(const AlertRule before, FindRule(tx, id));
  HELIOS_CHECK(EndStretch(tx, before, environment.sink, context.now));
  HELIOS_CHECK(tx.Execute(sql::kDeleteRule, {tx.tenant(), id}));
  HELIOS_CHECK(environment.audit.Record(tx, context, "alert_rule.delete", id));
  HELIOS_CHECK(tx.Commit());
  environment.sink.Wake(context.tenant);
  return {};
}

Result<std::string> ReadTimezone(pg::Database& database, TenantId tenant, pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database.Begin(tenant, deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kReadTimezone, {tx.tenant()}));
  return rows.empty() ? "UTC" : rows.front().Get<std::string>("timezone");
}

Result<std::vector<AlertRule>> RulesToEvaluate(pg::Database& database, TenantId tenant, TimestampMs since) {
  HELIOS_TRY(auto tx, database.Begin(tenant));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kRulesToEvaluate, {tenant, since}));
  HELIOS_CHECK(tx.Commit());
  std::vector<AlertRule> rules;
  rules.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) rules.push_back(RuleOf(rows[i]));
  return rules;
}

}  // namespace helios::alerting
