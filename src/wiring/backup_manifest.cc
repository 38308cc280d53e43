// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/backup_manifest.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/file.h"
#include "base/hex.h"
#include "http/json.h"

namespace helios::wiring {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr std::size_t kMostManifestBytes = 256U << 20U;

std::string Sign(std::string_view text, const secrets::KeyProvider& keys) {
  return ToHex(crypto::HmacSha256(keys.Derive(kBackupManifestKey), text));
}

Result<void> SyncFile(const fs::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const int error = errno;
  if (fd >= 0) ::close(fd);
  if (synced) return {};
  return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot sync {}: {}", path.string(), ErrnoMessage(error));
}

std::string Render(const BackupManifest& manifest) {
  boost::json::array files;
  for (const BackupManifest::File& file : manifest.files) {
    files.push_back({{"path", file.path}, {"bytes", file.bytes}, {"sha256", ToHex(file.sha256)}});
  }
  return boost::json::serialize(boost::json::object{{"format", kFormat},
                                                    {"created_at", FormatRfc3339(manifest.created_at)},
                                                    {"store", manifest.store},
                                                    {"series", manifest.series},
                                                    {"database", manifest.database},
                                                    {"files", std::move(files)}}) +
         "\n";
}

}  // namespace

Result<std::vector<BackupManifest::File>> ListBackupFiles(const fs::path& directory) {
  std::vector<BackupManifest::File> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(directory, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (!entry->is_regular_file()) continue;
    HELIOS_CHECK(SyncFile(entry->path()));
    HELIOS_TRY(const crypto::Digest256 digest, crypto::Sha256OfFile(entry->path()));
    files.push_back({.path = entry->path().lexically_relative(directory).generic_string(),
                     .bytes = entry->file_size(error),
                     .sha256 = digest});
  }
  if (error) {
    return Fail(ErrorCode::kUnavailable, "file.unreadable", "cannot read {}: {}", directory.string(), error.message());
  }
  std::ranges::sort(files, {}, &BackupManifest::File::path);
  return files;
}

Result<void> WriteManifest(const fs::path& directory, const BackupManifest& manifest,
                           const secrets::KeyProvider& keys) {
  const std::string text = Render(manifest);
  HELIOS_CHECK(WriteFileAtomically(directory / kBackupSignature, Sign(text, keys) + "\n", 0600));
  return WriteFileAtomically(directory / kBackupManifest, text, 0600);
}

Result<BackupManifest> ReadManifest(const fs::path& directory, const secrets::KeyProvider& keys) {
  const auto text = ReadFile(directory / kBackupManifest, kMostManifestBytes);
  const auto signature = ReadFile(directory / kBackupSignature, 4096);
  if (!text || !signature) {
    return Fail(ErrorCode::kFailedPrecondition, "backup.no_manifest",
                "cannot use the backup in {}: it is not whole; {}", directory.string(),
                (text ? signature : text).error().message);
  }
  const auto bad = [&](std::string_view cause) {
    return Fail(ErrorCode::kDataCorruption, "backup.bad_manifest", "cannot use the backup in {}: {} {}",
                directory.string(), kBackupManifest, cause);
  };
  if (!crypto::EqualInConstantTime(*signature, Sign(*text, keys) + "\n")) {
    return bad("or manifest.hmac was changed, or the backup was made with another master key");
  }
  HELIOS_TRY(const auto json, http::ParseJson(*text));
  const auto* object = json.if_object();
  if (object == nullptr) return bad("is no object");
  http::ObjectReader reader(*object);
  if (reader.OptionalInteger("format", 1, 1'000) != kFormat) {
    return Fail(ErrorCode::kFailedPrecondition, "backup.unknown_format",
                "cannot use the backup in {}: it is of a later helios; want format {}", directory.string(), kFormat);
  }
  BackupManifest manifest;
  manifest.created_at = reader.Time("created_at");
  manifest.store = reader.String("store");
  manifest.series = static_cast<std::size_t>(reader.OptionalInteger("series", 0, INT64_MAX).value_or(0));
  manifest.database = reader.OptionalBool("database").value_or(false);
  for (const auto& entry : reader.Array("files")) {
    if (!entry.is_object()) return bad("lists what is no file");
    http::ObjectReader file(entry.get_object());
    BackupManifest::File& listed = manifest.files.emplace_back();
    listed.path = file.String("path", 4096);
    listed.bytes = static_cast<std::uint64_t>(file.OptionalInteger("bytes", 0, INT64_MAX).value_or(0));
    if (!FromHex(file.String("sha256"), listed.sha256)) return bad("lists a file without its digest");
    HELIOS_CHECK(file.Finish());
  }
  HELIOS_CHECK(reader.Finish());
  return manifest;
}

Result<void> CheckBackupFiles(const fs::path& directory, const BackupManifest& manifest) {
  for (const BackupManifest::File& file : manifest.files) {
    const auto damaged = [&](std::string_view cause) {
      return Fail(ErrorCode::kDataCorruption, "backup.damaged_file", "cannot use the backup in {}: {} {}",
                  directory.string(), file.path, cause);
    };
    const auto digest = crypto::Sha256OfFile(directory / file.path);
    if (!digest && digest.error().code == ErrorCode::kNotFound) return damaged("is missing");
    if (!digest) return std::unexpected(digest.error());
    if (*digest != file.sha256) return damaged("is damaged: its SHA-256 is not the manifest's");
  }
  return {};
}

}  // namespace helios::wiring
