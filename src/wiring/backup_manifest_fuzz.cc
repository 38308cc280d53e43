// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// A backup's manifest, signed by us: any bytes are one or are refused with a code, and what was read is written and
// read again alike. With a signature of the fuzzer's own it is never taken.
//
// The first byte chooses: 0 the rest is the signature of a fixed manifest, else the rest is the manifest.
#include "wiring/backup_manifest.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string_view>

#include "base/hex.h"
#include "tsdb/testing/scratch_directory.h"

namespace {

using namespace helios::wiring;  // NOLINT(google-build-using-namespace): one file, no header

class FixedKeys final : public helios::secrets::KeyProvider {
 public:
  [[nodiscard]] helios::secrets::Key Derive(std::string_view /*purpose*/) const override { return {1}; }
};

void Require(bool holds) {
  if (!holds) std::abort();
}

void Write(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

void RequireSame(const BackupManifest& a, const BackupManifest& b) {
  Require(a.store == b.store && a.series == b.series && a.database == b.database && a.files.size() == b.files.size());
  for (std::size_t i = 0; i < a.files.size(); ++i) {
    Require(a.files[i].path == b.files[i].path && a.files[i].bytes == b.files[i].bytes);
    Require(a.files[i].sha256 == b.files[i].sha256);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const helios::tsdb::ScratchDirectory directory("/dev/shm");
  static const FixedKeys keys;
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] == 0) {
    Write(directory.path() / kBackupManifest, "{}");
    Write(directory.path() / kBackupSignature, input);
    const auto read = ReadManifest(directory.path(), keys);
    Require(!read && (read.error().reason == "backup.bad_manifest" || read.error().reason == "backup.no_manifest"));
    return 0;
  }
  Write(directory.path() / kBackupManifest, input);
  Write(directory.path() / kBackupSignature,
        helios::ToHex(helios::crypto::HmacSha256(keys.Derive(kBackupManifestKey), input)) + "\n");
  const auto manifest = ReadManifest(directory.path(), keys);
  if (!manifest) return Require(!manifest.error().reason.empty()), 0;
  static_cast<void>(CheckBackupFiles(directory.path(), *manifest));
  Require(WriteManifest(directory.path(), *manifest, keys).has_value());
  const auto again = ReadManifest(directory.path(), keys);
  Require(again.has_value());
  RequireSame(*manifest, *again);
  return 0;
}
