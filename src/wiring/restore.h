// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <filesystem>

#include "base/result.h"
#include "tsdb/embedded_store.h"

namespace helios::wiring {

struct RestoreCommand {
  std::filesystem::path directory;        ///< the backup
  std::filesystem::path data_dir;         ///< absent or empty
  std::filesystem::path master_key_file;  ///< copied into the data directory; empty: HELIOS_MASTER_KEY is set
};

struct RestoreReport {
  tsdb::StoreContents contents;
  bool database = false;
};

/// `helios restore`: checks the whole backup against its manifest, copies it to a new data directory, reads everything
/// in the copy, and loads the database into a new private PostgreSQL. After an error the data directory is empty again.
/// Call it as Process::Start().
/// Errors: kFailedPrecondition backup.data_dir_not_empty, backup.needs_master_key; those of ReadManifest() and
/// CheckBackupFiles(); those of the store, the cluster and the disk.
[[nodiscard]] Result<RestoreReport> Restore(const RestoreCommand& command);

}  // namespace helios::wiring
