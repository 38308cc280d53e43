// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>

#include "tsdb/embedded_store.h"
#include "tsdb/internal/chunk_store.h"

namespace helios::tsdb {

/// Copies the databases of everyone to `directory`, as they are; the journal is not part of it, so what the backup is
/// to hold must have been flushed. Files are linked where the directory is on the same disk, and copied elsewhere.
/// Errors: kFailedPrecondition tsdb.backup_exists; kUnavailable tsdb.disk_full, tsdb.write_failed.
[[nodiscard]] Result<BackupSummary> WriteBackup(ChunkStore& chunks, const Tenants& tenants,
                                                const std::filesystem::path& directory);

}  // namespace helios::tsdb
