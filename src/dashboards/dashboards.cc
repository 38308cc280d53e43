// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "dashboards/dashboards.h"

#include "dashboards/dashboard_json.h"
#include "dashboards/sql.h"

namespace helios::dashboards {
namespace {

using tenancy::Permission;

std::unexpected<Error> NoSuchDashboard(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "dashboards.no_such_dashboard", "cannot find the dashboard {}", id);
}

Dashboard DashboardOf(const pg::Rows::Row& row) {
  return {.id = row.Get<Uuid>("id"),
          .name = row.Get<std::string>("name"),
          .charts = FromLayout(row.Get<std::string>("layout")),
          .shared = row.Get<bool>("shared"),
          .version = row.Get<std::int64_t>("version"),
          .created_by = row.Get<std::optional<Uuid>>("created_by"),
          .created_at = row.Get<TimestampMs>("created_at"),
          .updated_at = row.Get<TimestampMs>("updated_at")};
}

/// Whether who asks sees what is not shared: else nobody could clear up after a member who left.
bool SeesAll(const tenancy::RequestContext& context) {
  return context.principal->permissions.Has(Permission::kUsersManage);
}

Result<Dashboard> FindDashboard(pg::TenantTransaction& tx, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindDashboard,
                                         {tx.tenant(), id, tenancy::ActorOf(*context.principal).id, SeesAll(context)}));
  if (rows.empty()) return NoSuchDashboard(id);
  return DashboardOf(rows.front());
}

}  // namespace

Result<Dashboard> CreateDashboard(const Environment& environment, const tenancy::RequestContext& context,
                                  const std::string& name, const std::vector<Chart>& charts, bool shared) {
  HELIOS_CHECK(context.Require(Permission::kDashboardsWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  const Uuid id = Uuid::V7(context.now, environment.random);
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kInsertDashboard, {tx.tenant(), id, name, ToLayout(charts, shared),
                                                tenancy::ActorOf(*context.principal).id, context.now, kMaxDashboards}));
  if (rows.empty()) {
    return Fail(ErrorCode::kQuotaExceeded, "dashboards.dashboard_limit",
                "cannot add a dashboard: there are {}, as many as an organization may have; delete one",
                kMaxDashboards);
  }
  const Dashboard dashboard = DashboardOf(rows.front());
  HELIOS_CHECK(environment.audit.Record(tx, context, "dashboard.create", id));
  HELIOS_CHECK(tx.Commit());
  return dashboard;
}

Result<std::vector<Dashboard>> ListDashboards(const Environment& environment, const tenancy::RequestContext& context,
                                              const tenancy::Page& page) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows,
             tx.Execute(sql::kListDashboards, {tx.tenant(), page.limit + 1, page.offset,
                                               tenancy::ActorOf(*context.principal).id, SeesAll(context)}));
  std::vector<Dashboard> dashboards;
  dashboards.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) dashboards.push_back(DashboardOf(rows[i]));
  return dashboards;
}

Result<Dashboard> GetDashboard(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  return FindDashboard(tx, context, id);
}

Result<Dashboard> ChangeDashboard(const Environment& environment, const tenancy::RequestContext& context,
                                  const Uuid& id, const DashboardChange& change) {
  HELIOS_CHECK(context.Require(Permission::kDashboardsWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  std::optional<std::string> layout;
  if (change.charts) layout = ToLayout(*change.charts, true);
  HELIOS_TRY(const auto rows, tx.Execute(sql::kUpdateDashboard,
                                         {tx.tenant(), id, change.version, change.name, layout, context.now,
                                          change.shared, tenancy::ActorOf(*context.principal).id, SeesAll(context)}));
  if (rows.empty()) {
    HELIOS_TRY(const Dashboard present, FindDashboard(tx, context, id));
    return Fail(ErrorCode::kConflict, "dashboards.changed",
                "cannot change the dashboard: somebody changed it meanwhile; got version {}; want {}; read it again",
                change.version, present.version);
  }
  const Dashboard dashboard = DashboardOf(rows.front());
  HELIOS_CHECK(environment.audit.Record(tx, context, "dashboard.update", id));
  HELIOS_CHECK(tx.Commit());
  return dashboard;
}

Result<void> DeleteDashboard(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_CHECK(context.Require(Permission::kDashboardsWrite));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kDeleteDashboard,
                                         {tx.tenant(), id, tenancy::ActorOf(*context.principal).id, SeesAll(context)}));
  if (rows.empty()) return NoSuchDashboard(id);
  HELIOS_CHECK(environment.audit.Record(tx, context, "dashboard.delete", id));
  HELIOS_CHECK(tx.Commit());
  return {};
}

}  // namespace helios::dashboards
