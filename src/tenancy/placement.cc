// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/placement.h"

#include "tenancy/sql.h"

namespace helios::tenancy {

Result<void> EnsurePlaced(pg::Database& database, TenantId tenant, pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database.Begin(tenant, deadline));
  HELIOS_CHECK(tx.Execute(sql::kInsertPlacement, {tenant}));
  return tx.Commit();
}

Result<std::vector<TenantId>> PlacedTenants(pg::Database& database, pg::Deadline deadline) {
  HELIOS_TRY(auto tx, database.BeginWithoutTenant(deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListPlacements));
  HELIOS_CHECK(tx.Commit());
  std::vector<TenantId> tenants;
  tenants.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) tenants.push_back(rows[i].Get<TenantId>("tenant_id"));
  return tenants;
}

}  // namespace helios::tenancy
