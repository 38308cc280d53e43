// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/targets.h"

#include "scaling/sql.h"

namespace helios::scaling {
namespace {

std::unexpected<Error> NoSuchTarget(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "scaling.no_such_target", "cannot find the scaling target {}", id);
}

Result<pg::Rows> Write(pg::TenantTransaction& tx, const Uuid& id, const TargetSettings& settings, TimestampMs now,
                       bool create) {
  const auto& limits = settings.limits;
  const std::string_view mode = settings.shadow ? "shadow" : "advise";
  if (create) {
    return tx.Execute(sql::kInsertTarget,
                      {tx.tenant(), id, settings.name, settings.metric, settings.labels, limits.per_replica_capacity,
                       limits.min_replicas, limits.max_replicas, limits.startup.count(), limits.tolerated_loss,
                       limits.tolerated_short_time, settings.cost_per_replica_hour, settings.currency, mode,
                       settings.enabled, settings.all_webhooks, now, kMostTargets});
  }
  return tx.Execute(sql::kUpdateTarget,
                    {tx.tenant(), id, settings.name, settings.metric, settings.labels, limits.per_replica_capacity,
                     limits.min_replicas, limits.max_replicas, limits.startup.count(), limits.tolerated_loss,
                     limits.tolerated_short_time, settings.cost_per_replica_hour, settings.currency, mode,
                     settings.enabled, settings.all_webhooks, now});
}

Result<void> SetChannels(pg::TenantTransaction& tx, const Uuid& id, const std::vector<Uuid>& channels) {
  HELIOS_CHECK(tx.Execute(sql::kClearTargetChannels, {tx.tenant(), id}));
  if (channels.empty()) return {};
  std::vector<std::string> texts;
  for (const Uuid& channel : channels) texts.push_back(channel.ToString());
  auto inserted = tx.Execute(sql::kInsertTargetChannels, {tx.tenant(), id, texts});
  if (!inserted && inserted.error().reason == "pg.foreign_key_violation") {
    return Fail(ErrorCode::kInvalidArgument, "scaling.no_such_channel",
                "cannot use the scaling target: 'channels' names a notification channel that does not exist; "
                "GET /api/v1/notification-channels lists them");
  }
  if (!inserted) return std::unexpected(std::move(inserted).error());
  return {};
}

Result<Target> Find(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindTarget, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchTarget(id);
  return TargetOf(rows.front());
}

}  // namespace

Result<std::vector<Target>> ListTargets(pg::Database& database, const tenancy::RequestContext& context,
                                        const tenancy::Page& page) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListTargets, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<Target> targets;
  targets.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) targets.push_back(TargetOf(rows[i]));
  return targets;
}

Result<Target> FindTarget(pg::Database& database, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  return Find(tx, id);
}

Result<Target> CreateTarget(pg::Database& database, Random& random, const tenancy::AuditTrail& audit,
                            const tenancy::RequestContext& context, const TargetSettings& settings) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kScalingWrite));
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  const Uuid id = Uuid::V7(context.now, random);
  HELIOS_TRY(const auto rows, Write(tx, id, settings, context.now, /*create=*/true));
  if (rows.empty()) {
    return Fail(ErrorCode::kFailedPrecondition, "scaling.too_many_targets",
                "cannot add a scaling target: there are {} already, which is the most; delete one", kMostTargets);
  }
  HELIOS_CHECK(SetChannels(tx, id, settings.channels));
  HELIOS_CHECK(audit.Record(tx, context, "scaling_target.create", id));
  HELIOS_TRY(Target target, Find(tx, id));
  HELIOS_CHECK(tx.Commit());
  return target;
}

Result<Target> ChangeTarget(pg::Database& database, const tenancy::AuditTrail& audit,
                            const tenancy::RequestContext& context, const Uuid& id, const TargetSettings& settings) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kScalingWrite));
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, Write(tx, id, settings, context.now, /*create=*/false));
  if (rows.empty()) return NoSuchTarget(id);
  HELIOS_CHECK(SetChannels(tx, id, settings.channels));
  HELIOS_CHECK(audit.Record(tx, context, "scaling_target.update", id));
  HELIOS_TRY(Target target, Find(tx, id));
  HELIOS_CHECK(tx.Commit());
  return target;
}

Result<void> DeleteTarget(pg::Database& database, const tenancy::AuditTrail& audit,
                          const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kScalingWrite));
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kDeleteTarget, {tx.tenant(), id}));
  if (rows.affected() == 0) return NoSuchTarget(id);
  HELIOS_CHECK(audit.Record(tx, context, "scaling_target.delete", id));
  return tx.Commit();
}

Result<std::vector<PastAdvice>> ListAdvice(pg::Database& database, const tenancy::RequestContext& context,
                                           const Uuid& id, const tenancy::Page& page) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(Find(tx, id));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListAdvice, {tx.tenant(), id, page.limit + 1, page.offset}));
  std::vector<PastAdvice> advice;
  advice.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    advice.push_back({.advice = {.time = rows[i].Get<TimestampMs>("time"),
                                 .replicas = rows[i].Get<std::int64_t>("replicas"),
                                 .needed = rows[i].Get<std::int64_t>("needed"),
                                 .load = rows[i].Get<double>("load")},
                      .mode = rows[i].Get<std::string>("mode")});
  }
  return advice;
}

}  // namespace helios::scaling
