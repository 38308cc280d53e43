// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <span>
#include <string>

#include "base/embedded_file.h"
#include "base/result.h"
#include "pg/internal/admin_session.h"
#include "pg/migrate.h"

namespace helios::pg::internal {

/// Migrations that belong to one schema: files named V<4 digits>__<name>.sql, each with a line "-- release: N".
struct MigrationSet {
  std::string_view schema;
  std::span<const EmbeddedFile> files;
};

/// Brings one schema up to date; errors as Migrate(). The caller holds the lock.
Result<MigrationOutcome> ApplyMigrations(AdminSession& session, const MigrationSet& set);

/// Migrate() with sets of the caller's.
Result<MigrationOutcome> MigrateSets(const std::string& owner_url, std::span<const MigrationSet> sets);

}  // namespace helios::pg::internal
