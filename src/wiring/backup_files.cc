// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/backup_files.h"

#include <string>
#include <system_error>
#include <vector>

#include "crypto/sealed_file.h"
#include "detection/state_file.h"
#include "obs/log.h"
#include "wiring/names.h"

namespace helios::wiring {
namespace {

namespace fs = std::filesystem;

constexpr int kTries = 3;
constexpr std::string_view kSealed = ".sealed";
constexpr std::string_view kObjectSuffix = "~sealed";  // what lies beside is a write that was cut short

std::unexpected<Error> Unwritable(const fs::path& path, const std::error_code& error) {
  return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot write {}: {}", path.string(), error.message());
}

Result<void> MakeDirectories(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) return Unwritable(directory, error);
  return {};
}

/// Of a file of the data directory, within the backup.
fs::path SealedPath(const fs::path& backup, const fs::path& within) {
  fs::path path = backup / kBackupStates / within;
  path += kSealed;
  return path;
}

/// False where the file was replaced or removed before it could be read.
Result<bool> SealOne(const fs::path& data_dir, const fs::path& within, const fs::path& backup,
                     const secrets::KeyProvider& keys, Random& random) {
  const fs::path to = SealedPath(backup, within);
  HELIOS_CHECK(MakeDirectories(to.parent_path()));
  auto sealed = crypto::SealFile(data_dir / within, to, keys.Derive(kBackupStatesKey), random);
  if (!sealed && sealed.error().code == ErrorCode::kNotFound) return false;
  if (!sealed) return std::unexpected(std::move(sealed).error());
  return true;
}

Result<bool> SealDetection(const fs::path& data_dir, const fs::path& backup, const secrets::KeyProvider& keys,
                           Random& random) {
  HELIOS_TRY(const auto names, detection::ListStateFiles(data_dir / kDetectionFolder));
  for (const std::string& name : names) {
    HELIOS_TRY(const bool sealed, SealOne(data_dir, fs::path(kDetectionFolder) / name, backup, keys, random));
    if (!sealed) return false;
  }
  // The manifest comes last; one of another save would name parts that are not there.
  HELIOS_TRY(const auto after, detection::ListStateFiles(data_dir / kDetectionFolder));
  return after == names;
}

}  // namespace

Result<void> BackUpStates(const fs::path& data_dir, const fs::path& backup, const secrets::KeyProvider& keys,
                          Random& random) {
  HELIOS_CHECK(SealOne(data_dir, kAccuracyFile, backup, keys, random));
  std::error_code ignored;
  for (int tries = 0; tries < kTries; ++tries) {
    const auto whole = SealDetection(data_dir, backup, keys, random);
    if (whole && *whole) return {};
    fs::remove_all(backup / kBackupStates / kDetectionFolder, ignored);
    if (!whole && whole.error().code == ErrorCode::kUnavailable) return std::unexpected(whole.error());
  }
  obs::LogWarning("backup.detection_left_out", {{"data_dir", data_dir.string()}});
  return {};
}

Result<void> BackUpObjects(const fs::path& data_dir, const fs::path& backup) {
  const fs::path objects = data_dir / kObjectsFolder;
  std::error_code error;
  if (!fs::exists(objects, error)) return {};
  fs::recursive_directory_iterator entry(objects, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    std::error_code failed;
    if (!entry->is_regular_file(failed) || !entry->path().filename().string().ends_with(kObjectSuffix)) continue;
    const fs::path to = backup / kBackupObjects / entry->path().lexically_relative(objects);
    HELIOS_CHECK(MakeDirectories(to.parent_path()));
    fs::create_hard_link(entry->path(), to, failed);
    if (failed && failed != std::errc::no_such_file_or_directory) fs::copy_file(entry->path(), to, failed);
    if (failed && failed != std::errc::no_such_file_or_directory) return Unwritable(to, failed);
  }
  if (error) {
    return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot read {}: {}", objects.string(), error.message());
  }
  return {};
}

Result<void> CopyFile(const fs::path& from, const fs::path& to) {
  HELIOS_CHECK(MakeDirectories(to.parent_path()));
  std::error_code error;
  fs::copy_file(from, to, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable, "file.unwritable", "cannot copy {} to {}: {}", from.string(), to.string(),
                error.message());
  }
  return {};
}

Result<bool> RestoreFile(const fs::path& backup, const BackupManifest::File& file, const fs::path& data_dir,
                         const secrets::KeyProvider& keys) {
  const fs::path within = file.path;
  const std::string top = within.begin()->string();
  if (top == kBackupObjects) {
    HELIOS_CHECK(CopyFile(backup / within, data_dir / kObjectsFolder / within.lexically_relative(kBackupObjects)));
    return true;
  }
  if (top != kBackupStates || !file.path.ends_with(kSealed)) return false;
  fs::path to = data_dir / within.lexically_relative(kBackupStates);
  to.replace_extension();
  HELIOS_CHECK(MakeDirectories(to.parent_path()));
  HELIOS_CHECK(crypto::OpenSealedFile(backup / within, to, keys.Derive(kBackupStatesKey)));
  return true;
}

}  // namespace helios::wiring
