// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>

#include "base/result.h"

namespace helios::pg {

/// Makes `data_directory` where it is absent, mode 0700, and leaves root behind: PostgreSQL refuses to run as root.
///
/// As root: becomes the system user "helios", or "postgres" where there is no such user, for good; what belongs to
/// root inside the directory is given to that user first. Call it before the first thread starts and before anything
/// of the directory is opened. Sockets on ports below 1024 must be bound before.
/// As an ordinary user: makes the directory, and changes nothing else.
///
/// Errors, all kFailedPrecondition, each with what to do:
///   pg.no_service_user        root, and neither user exists
///   pg.data_directory_closed  a parent directory is closed to the user; the message names it
///   pg.foreign_data_directory the directory belongs to another user; or it is root's, holds files and was not made by
///                             Helios; or a symbolic or hard link in it would lead a change of owner elsewhere
///   pg.cannot_drop_privileges the system refused
[[nodiscard]] Result<void> DropPrivileges(const std::filesystem::path& data_directory);

}  // namespace helios::pg
