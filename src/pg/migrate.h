// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "base/result.h"

namespace helios::pg {

/// What a migration did, for the log: how many files were applied, and the highest version a set stands at.
struct MigrationOutcome {
  int applied = 0;
  int version = 0;
};

/// Brings the database at `owner_url` (login helios_owner) up to date: the directory set in the schema "directory",
/// then the tenant set in the schema "shared"; one transaction a file, each recorded with its checksum in the schema's
/// schema_migrations. Safe to run from several processes at once (an advisory lock). A file changed after it was
/// applied is an error.
/// Errors: kUnavailable pg.unavailable; kInvalidArgument pg.bad_url; kFailedPrecondition pg.migration_changed,
/// pg.migration_newer (the database is newer than this program by more than one release), pg.roles_missing (run
/// db/roles.sql), pg.role_bypasses_rls; kInternal pg.migration_failed.
[[nodiscard]] Result<MigrationOutcome> Migrate(const std::string& owner_url);

}  // namespace helios::pg
