// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <vector>

#include "base/result.h"
#include "base/uuid.h"
#include "pg/database.h"

namespace helios::tenancy {

/// Makes sure that the tenant is in the directory of where tenants live, which background work walks: rows of tenants
/// can be looked for only by somebody who knows that there is such a tenant. A transaction of its own, to be run before
/// the one that makes the work. Idempotent. Errors: those of pg::Database.
[[nodiscard]] Result<void> EnsurePlaced(pg::Database& database, TenantId tenant, pg::Deadline deadline);

/// Every tenant of that directory, in a fixed order. Errors: those of pg::Database.
[[nodiscard]] Result<std::vector<TenantId>> PlacedTenants(pg::Database& database, pg::Deadline deadline);

}  // namespace helios::tenancy
