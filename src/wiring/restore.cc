// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/restore.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <optional>
#include <system_error>

#include "base/file.h"
#include "crypto/sealed_file.h"
#include "pg/private_cluster.h"
#include "pg/privileges.h"
#include "wiring/backup_files.h"
#include "wiring/backup_manifest.h"
#include "wiring/names.h"

namespace helios::wiring {
namespace {

namespace fs = std::filesystem;

// More segments than a store writes in many years, and few enough for thousands of restores.
constexpr std::uint32_t kSkippedSegments = 1U << 20U;

Result<void> SyncDisk(const fs::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::syncfs(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return {};
  return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot sync {}: {}", directory.string(),
              ErrnoMessage(error));
}

Result<tsdb::StoreContents> RestoreSamples(const fs::path& data_dir, const secrets::KeyProvider& keys) {
  const SystemClock clock;
  obs::Metrics metrics;
  HELIOS_TRY(const auto store, tsdb::OpenEmbeddedStore({.directory = data_dir / kSamplesFolder,
                                                        .key = keys.Derive(kSamplesKey),
                                                        .skip_segments = kSkippedSegments},
                                                       clock, metrics));
  HELIOS_TRY(const tsdb::StoreContents contents, store->Verify());
  HELIOS_CHECK(store->Flush());
  return contents;
}

Result<void> RestoreDatabase(const fs::path& sealed, const fs::path& data_dir, const secrets::KeyProvider& keys) {
  const fs::path dump = data_dir / "restore.dump";
  HELIOS_CHECK(crypto::OpenSealedFile(sealed, dump, keys.Derive(kBackupDatabaseKey)));
  HELIOS_TRY(const auto cluster,
             pg::PrivateCluster::Start({.data_directory = data_dir / "postgres", .bin_directory = {}}));
  HELIOS_CHECK(cluster->Load(dump));
  std::error_code ignored;
  fs::remove(dump, ignored);
  return {};
}

Result<RestoreReport> RestoreInto(const RestoreCommand& command, const std::optional<std::string>& master_key) {
  HELIOS_CHECK(pg::DropPrivileges(command.data_dir));
  SystemRandom random;
  if (master_key) HELIOS_CHECK(WriteFileAtomically(command.data_dir / kMasterKeyFile, *master_key, 0600));
  HELIOS_TRY(const auto keys, secrets::OpenLocalKeys(command.data_dir / kMasterKeyFile, random));
  HELIOS_TRY(const BackupManifest manifest, ReadManifest(command.directory, *keys));
  HELIOS_CHECK(CheckBackupFiles(command.directory, manifest));
  const std::string samples = std::string(kBackupSamples) + "/";
  for (const BackupManifest::File& file : manifest.files) {
    HELIOS_TRY(const bool restored, RestoreFile(command.directory, file, command.data_dir, *keys));
    if (restored || !file.path.starts_with(samples)) continue;
    HELIOS_CHECK(CopyFile(command.directory / file.path, command.data_dir / file.path));
  }
  RestoreReport report{.contents = {}, .database = manifest.database};
  HELIOS_TRY(report.contents, RestoreSamples(command.data_dir, *keys));
  if (manifest.database) {
    HELIOS_CHECK(RestoreDatabase(command.directory / kBackupDatabase, command.data_dir, *keys));
  }
  HELIOS_CHECK(SyncDisk(command.data_dir));
  return report;
}

}  // namespace

Result<RestoreReport> Restore(const RestoreCommand& given) {
  RestoreCommand command = given;
  command.directory = fs::absolute(command.directory).lexically_normal();
  command.data_dir = fs::absolute(command.data_dir).lexically_normal();
  std::error_code error;
  if (fs::exists(command.data_dir, error) &&
      (!fs::is_directory(command.data_dir, error) || !fs::is_empty(command.data_dir, error))) {
    return Fail(ErrorCode::kFailedPrecondition, "backup.data_dir_not_empty",
                "cannot restore into {}: there is something in it; want a new or an empty directory",
                command.data_dir.string());
  }
  std::optional<std::string> master_key;
  if (!command.master_key_file.empty()) {
    HELIOS_TRY(master_key, ReadFile(command.master_key_file, 4096));
  } else if (std::getenv("HELIOS_MASTER_KEY") == nullptr) {
    return Fail(ErrorCode::kFailedPrecondition, "backup.needs_master_key",
                "cannot restore: the backup is sealed with the platform's master key, which is not part of it; give "
                "--master-key FILE, or set HELIOS_MASTER_KEY");
  }
  auto restored = RestoreInto(command, master_key);
  if (!restored) {
    for (const auto& entry : fs::directory_iterator(command.data_dir, error)) {
      std::error_code ignored;
      fs::remove_all(entry.path(), ignored);
    }
  }
  return restored;
}

}  // namespace helios::wiring
