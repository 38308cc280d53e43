// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <sys/stat.h>

#include <cstdlib>

#include "base/file.h"
#include "base/hex.h"
#include "crypto/digest.h"
#include "secrets/key_provider.h"

namespace helios::secrets {
namespace {

constexpr const char* kVariable = "HELIOS_MASTER_KEY";

class MasterKey final : public KeyProvider {
 public:
  explicit MasterKey(const Key& key) : key_(key) {}
  [[nodiscard]] Key Derive(std::string_view purpose) const override { return crypto::HmacSha256(key_, purpose); }

 private:
  Key key_;
};

Result<Key> ParseKey(std::string_view text, std::string_view source) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  Key key{};
  if (FromHex(text, key)) return key;
  return Fail(ErrorCode::kFailedPrecondition, "secrets.bad_master_key",
              "cannot use the master key of {}: got {} characters; want 64 hex digits", source, text.size());
}

Result<Key> ReadKeyFile(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077U) != 0) {
    return Fail(ErrorCode::kFailedPrecondition, "secrets.key_file_open_to_others",
                "cannot use the master key of {}: others may read it; run chmod 600 {}", file.string(), file.string());
  }
  HELIOS_TRY(const std::string text, ReadFile(file, 4096));
  return ParseKey(text, file.string());
}

}  // namespace

Result<std::unique_ptr<KeyProvider>> OpenLocalKeys(const std::filesystem::path& file, Random& random) {
  if (const char* text = std::getenv(kVariable); text != nullptr) {
    HELIOS_TRY(const Key key, ParseKey(text, kVariable));
    return std::make_unique<MasterKey>(key);
  }
  auto read = ReadKeyFile(file);
  if (!read && read.error().code == ErrorCode::kNotFound) {
    Key made{};
    random.Fill(made);
    HELIOS_CHECK(WriteFileAtomically(file, ToHex(made) + "\n", 0600));
    read = ReadKeyFile(file);
  }
  HELIOS_TRY(const Key key, std::move(read));
  return std::make_unique<MasterKey>(key);
}

}  // namespace helios::secrets
