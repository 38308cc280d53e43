// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/anomalies.h"

#include "detection/sql.h"

namespace helios::detection {
namespace {

std::unexpected<Error> NoSuchAnomaly(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "detection.no_such_anomaly", "cannot find the anomaly {}", id);
}

/// The audit row's action for a status.
std::string_view ActionOf(std::string_view status) {
  if (status == "acknowledged") return "anomaly.acknowledge";
  if (status == "resolved") return "anomaly.resolve";
  if (status == "false_positive") return "anomaly.mark_false";
  return "anomaly.reopen";
}

}  // namespace

Anomaly AnomalyOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .metric = row.Get<std::string>("metric_name"),
          .labels = row.Get<std::string>("labels"),
          .started_at = row.Get<TimestampMs>("started_at"),
          .ended_at = row.Get<std::optional<TimestampMs>>("ended_at"),
          .detected_at = row.Get<TimestampMs>("detected_at"),
          .value = row.Get<double>("value"),
          .expected = row.Get<std::optional<double>>("expected_value"),
          .lower = row.Get<std::optional<double>>("lower"),
          .upper = row.Get<std::optional<double>>("upper"),
          .score = row.Get<double>("anomaly_score"),
          .severity = row.Get<std::string>("severity"),
          .status = row.Get<std::string>("status"),
          .incident = row.Get<std::optional<Uuid>>("incident_id"),
          .acknowledged_by = row.Get<std::optional<Uuid>>("acknowledged_by"),
          .resolved_at = row.Get<std::optional<TimestampMs>>("resolved_at"),
          .kinds = static_cast<std::uint8_t>(row.Get<std::int64_t>("kinds")),
          .samples = row.Get<std::int64_t>("samples"),
          .worst_at = row.Get<std::optional<TimestampMs>>("worst_at"),
          .repeats = row.Get<std::int64_t>("repeats")};
}

Result<std::vector<Anomaly>> ListAnomalies(pg::Database& database, const tenancy::RequestContext& context,
                                           const AnomalyFilter& filter, const tenancy::Page& page) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kListAnomalies, {tx.tenant(), filter.status, filter.severity, filter.metric, filter.first,
                                              filter.last, filter.incident, page.limit + 1, page.offset}));
  std::vector<Anomaly> anomalies;
  anomalies.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) anomalies.push_back(AnomalyOf(rows[i]));
  return anomalies;
}

Result<Anomaly> FindAnomaly(pg::Database& database, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindAnomaly, {tx.tenant(), id}));
  if (rows.empty()) return NoSuchAnomaly(id);
  return AnomalyOf(rows.front());
}

Result<Anomaly> ChangeAnomaly(pg::Database& database, const tenancy::AuditTrail& audit,
                              const tenancy::RequestContext& context, const Uuid& id, const std::string& status) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kAnomaliesWrite));
  HELIOS_TRY(auto tx, database.Begin(context.tenant, context.deadline));
  const Uuid actor = tenancy::ActorOf(*context.principal).id;
  HELIOS_TRY(const auto rows, tx.Execute(sql::kChangeAnomaly, {tx.tenant(), id, status, actor, context.now}));
  if (rows.empty()) return NoSuchAnomaly(id);
  HELIOS_CHECK(audit.Record(tx, context, ActionOf(status), id));
  HELIOS_CHECK(tx.Commit());
  return AnomalyOf(rows.front());
}

Result<std::vector<ExcludedSpan>> FindExcludedSpans(pg::Database& database, TenantId tenant, const std::string& metric,
                                                    tsdb::TimeRange range, pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database.Begin(tenant, deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindExcludedSpans, {tx.tenant(), metric, range.first, range.last}));
  std::vector<ExcludedSpan> spans;
  spans.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    spans.push_back({.series_key = rows[i].Get<std::string>("series_key"),
                     .range = {rows[i].Get<TimestampMs>("started_at"), rows[i].Get<TimestampMs>("ended_at")}});
  }
  return spans;
}

}  // namespace helios::detection
