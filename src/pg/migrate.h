// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <span>
#include <string>

#include "base/embedded_file.h"
#include "base/result.h"

namespace helios::pg {

/// What a migration did, for the log: how many files were applied, and the version it stands at.
struct MigrationOutcome {
  int applied = 0;
  int version = 0;
};

/// Brings the database at `owner_url` (login helios_owner) up to date: the directory set, then the tenant
/// set of the shared schema; one transaction a file, each recorded with its checksum. Safe to run from
/// several processes at once (an advisory lock). A file changed after it was applied is an error.
/// Errors: kUnavailable pg.unavailable; kFailedPrecondition pg.migration_changed, pg.migration_newer (the
/// database is newer than this program by more than one release); kInternal pg.migration_failed.
[[nodiscard]] Result<MigrationOutcome> Migrate(const std::string& owner_url);

}  // namespace helios::pg
