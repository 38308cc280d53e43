// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "dashboards/dashboard.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"

namespace helios::dashboards {

/// What the verbs work with. All of it outlives them.
struct Environment {
  pg::Database& database;
  Random& random;
  const tenancy::AuditTrail& audit;
};

/// Of an organization.
inline constexpr std::int64_t kMaxDashboards = 200;

struct DashboardChange {
  std::int64_t version = 0;  ///< that the change was made from
  std::optional<std::string> name;
  std::optional<std::vector<Chart>> charts;
  std::optional<bool> shared;
};

/// Everyone of the organization reads what is shared; members and above change it. What is not shared is as good as
/// absent to all but its maker, and those who manage people. A change and its audit row are one transaction. Errors:
/// kPermissionDenied; kNotFound dashboards.no_such_dashboard; kConflict dashboards.changed, where the version is
/// another one; kQuotaExceeded dashboards.dashboard_limit; those of pg::Database.
[[nodiscard]] Result<Dashboard> CreateDashboard(const Environment& environment, const tenancy::RequestContext& context,
                                                const std::string& name, const std::vector<Chart>& charts, bool shared);
/// One more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<Dashboard>> ListDashboards(const Environment& environment,
                                                            const tenancy::RequestContext& context,
                                                            const tenancy::Page& page);
[[nodiscard]] Result<Dashboard> GetDashboard(const Environment& environment, const tenancy::RequestContext& context,
                                             const Uuid& id);
[[nodiscard]] Result<Dashboard> ChangeDashboard(const Environment& environment, const tenancy::RequestContext& context,
                                                const Uuid& id, const DashboardChange& change);
[[nodiscard]] Result<void> DeleteDashboard(const Environment& environment, const tenancy::RequestContext& context,
                                           const Uuid& id);

}  // namespace helios::dashboards
