// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "secrets/key_provider.h"

namespace helios::wiring {

// The names within a backup.
inline constexpr const char* kBackupSamples = "samples";           ///< the store, as EmbeddedStore::BackUp() wrote it
inline constexpr const char* kBackupDatabase = "database.sealed";  ///< pg_dump's custom format, sealed
inline constexpr const char* kBackupObjects = "objects";           ///< as <data-dir>/objects, sealed as they are
inline constexpr const char* kBackupStates = "states";             ///< detection's and the ledger's files, sealed
inline constexpr const char* kBackupManifest = "manifest.json";    ///< BackupManifest
inline constexpr const char* kBackupSignature = "manifest.hmac";   ///< HMAC-SHA256 of manifest.json, in hex

// The purposes of its keys.
inline constexpr const char* kBackupDatabaseKey = "backup.database";
inline constexpr const char* kBackupStatesKey = "backup.states";
inline constexpr const char* kBackupManifestKey = "backup.manifest";

/// What a backup says of itself. Format: docs/formats/backup.md.
struct BackupManifest {
  struct File {
    std::string path;  ///< within the backup, with '/'
    std::uint64_t bytes = 0;
    crypto::Digest256 sha256{};
  };

  TimestampMs created_at;
  std::string store;  ///< the sample store's id
  std::size_t series = 0;
  bool database = false;  ///< whether the control database is part of it
  std::vector<File> files;
};

/// Every file below `directory`, in the order of their paths, each synced to the disk.
/// Errors: kUnavailable file.unreadable.
[[nodiscard]] Result<std::vector<BackupManifest::File>> ListBackupFiles(const std::filesystem::path& directory);

/// Writes manifest and signature: the last thing a backup gets, so that one without them was cut short.
[[nodiscard]] Result<void> WriteManifest(const std::filesystem::path& directory, const BackupManifest& manifest,
                                         const secrets::KeyProvider& keys);

/// Errors: kFailedPrecondition backup.no_manifest; kDataCorruption backup.bad_manifest (changed, or of another master
/// key); kFailedPrecondition backup.unknown_format.
[[nodiscard]] Result<BackupManifest> ReadManifest(const std::filesystem::path& directory,
                                                  const secrets::KeyProvider& keys);

/// Compares every file with the manifest, byte for byte by its digest. Errors: kDataCorruption backup.damaged_file,
/// which names the first file that is missing or differs; kUnavailable file.unreadable.
[[nodiscard]] Result<void> CheckBackupFiles(const std::filesystem::path& directory, const BackupManifest& manifest);

}  // namespace helios::wiring
