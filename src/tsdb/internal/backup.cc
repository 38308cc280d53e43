// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/backup.h"

#include <rocksdb/utilities/checkpoint.h>

#include <system_error>

namespace helios::tsdb {
namespace {

Result<void> Copy(const ChunkDb& db, const std::filesystem::path& to) {
  rocksdb::Checkpoint* raw = nullptr;
  auto status = rocksdb::Checkpoint::Create(&db.db(), &raw);
  const std::unique_ptr<rocksdb::Checkpoint> checkpoint(raw);
  if (status.ok()) status = checkpoint->CreateCheckpoint(to.string());
  if (!status.ok()) return std::unexpected(WriteError(status));
  return {};
}

}  // namespace

Result<BackupSummary> WriteBackup(ChunkStore& chunks, const Tenants& tenants, const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::exists(directory, error) && !std::filesystem::is_empty(directory, error)) {
    return Fail(ErrorCode::kFailedPrecondition, "tsdb.backup_exists",
                "cannot back up to {}: there is something in it; want a new or an empty directory", directory.string());
  }
  std::filesystem::create_directories(directory / "tenants", error);
  if (error) {
    return Fail(ErrorCode::kUnavailable, "tsdb.write_failed", "cannot back up to {}: {}", directory.string(),
                error.message());
  }
  // Tenants' own databases first: what compaction moves between the two is then in one of them at least.
  BackupSummary summary;
  for (const Tenant* tenant : tenants.All()) {
    summary.series += tenant->index.size();
    HELIOS_TRY(const std::vector<ChunkDb*> databases, chunks.AllOf(*tenant));
    for (const ChunkDb* db : databases) {
      if (db != &chunks.shared()) HELIOS_CHECK(Copy(*db, directory / "tenants" / tenant->id.ToString()));
    }
  }
  HELIOS_CHECK(Copy(chunks.shared(), directory / "chunks"));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory, error)) {
    if (!entry.is_regular_file(error)) continue;
    ++summary.files;
    summary.bytes += entry.file_size(error);
  }
  return summary;
}

}  // namespace helios::tsdb
