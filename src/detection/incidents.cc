// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/incidents.h"

#include "detection/sql.h"

namespace helios::detection {
namespace {

std::unexpected<Error> NoSuchIncident(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "detection.no_such_incident", "cannot find the incident {}", id);
}

Incident IncidentOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .title = row.Get<std::string>("title"),
          .severity = row.Get<std::string>("severity"),
          .status = row.Get<std::string>("status"),
          .started_at = row.Get<TimestampMs>("started_at"),
          .ended_at = row.Get<std::optional<TimestampMs>>("ended_at"),
          .resolved_at = row.Get<std::optional<TimestampMs>>("resolved_at"),
          .acknowledged_by = row.Get<std::optional<Uuid>>("acknowledged_by"),
          .alert_rule = row.Get<std::optional<Uuid>>("alert_rule_id"),
          .created_at = row.Get<TimestampMs>("created_at"),
          .anomalies = row.Get<std::int64_t>("anomalies"),
          .series = row.Get<std::int64_t>("series_count")};
}

Result<RankedIncident> Read(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindIncident, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchIncident(id);
  RankedIncident ranked{.incident = IncidentOf(rows.front()), .anomalies = {}, .rule_series = {}};
  if (ranked.incident.alert_rule) {
    HELIOS_TRY(const auto series, tx.Execute(sql::kRankRuleSeries, {tx.tenant(), id}));
    for (std::size_t i = 0; i < series.size(); ++i) {
      ranked.rule_series.push_back({.metric = series[i].Get<std::string>("metric_name"),
                                    .labels = series[i].Get<std::string>("labels"),
                                    .started_at = series[i].Get<TimestampMs>("started_at"),
                                    .ended_at = series[i].Get<std::optional<TimestampMs>>("ended_at"),
                                    .value = series[i].Get<std::optional<double>>("value"),
                                    .excess = series[i].Get<double>("excess")});
    }
    return ranked;
  }
  HELIOS_TRY(const auto anomalies, tx.Execute(sql::kRankIncident, {tx.tenant(), id}));
  for (std::size_t i = 0; i < anomalies.size(); ++i) ranked.anomalies.push_back(AnomalyOf(anomalies[i]));
  return ranked;
}

std::string_view ActionOf(std::string_view status) {
  if (status == "acknowledged") return "incident.acknowledge";
  if (status == "resolved") return "incident.resolve";
  return "incident.reopen";
}

}  // namespace

Result<std::vector<Incident>> ListIncidents(pg::Database& database, const tenancy::RequestContext& context,
                                            const IncidentFilter& filter, const tenancy::Page& page) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kListIncidents, {tx.tenant(), filter.status, filter.severity, filter.first, filter.last,
                                              page.limit + 1, page.offset}));
  std::vector<Incident> incidents;
  incidents.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) incidents.push_back(IncidentOf(rows[i]));
  return incidents;
}

Result<RankedIncident> FindIncident(pg::Database& database, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  return Read(tx, id);
}

Result<RankedIncident> ChangeIncident(pg::Database& database, const tenancy::AuditTrail& audit,
                                      IncidentListener& listener, const tenancy::RequestContext& context,
                                      const Uuid& id, const std::string& status) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kAnomaliesWrite));
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  const Uuid actor = tenancy::ActorOf(*context.principal).id;
  HELIOS_TRY(const auto changed, tx.Execute(sql::kChangeIncident, {tx.tenant(), id, status, actor, context.now}));
  if (changed.empty()) return NoSuchIncident(id);
  if (status == "acknowledged") {
    HELIOS_CHECK(tx.Execute(sql::kAcknowledgeAnomaliesOfIncident, {tx.tenant(), id, actor, context.now}));
  }
  if (status == "resolved") {
    HELIOS_CHECK(tx.Execute(sql::kResolveAnomaliesOfIncident, {tx.tenant(), id, actor, context.now}));
  }
  HELIOS_CHECK(audit.Record(tx, context, ActionOf(status), id));
  HELIOS_TRY(RankedIncident ranked, Read(tx, id));
  const auto& rule = ranked.incident.alert_rule;
  const bool tell = rule && status == "resolved" && changed.front().Get<std::string>("status_before") != "resolved";
  if (tell) HELIOS_CHECK(listener.Resolved(tx, *rule, id, context.now));
  HELIOS_CHECK(tx.Commit());
  if (tell) listener.Wake(context.tenant);
  return ranked;
}

}  // namespace helios::detection
