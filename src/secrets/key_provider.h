// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace helios::secrets {

using Key = std::array<std::uint8_t, 32>;

/// Where the process's master key comes from. Thread-safe.
class KeyProvider {
 public:
  virtual ~KeyProvider() = default;

  /// A key for one purpose, such as "api_key.pepper", derived from the master key with HMAC-SHA256: the
  /// same purpose gives the same key for as long as the master key stays.
  [[nodiscard]] virtual Key Derive(std::string_view purpose) const = 0;
};

/// The master key of the environment variable HELIOS_MASTER_KEY (64 hex digits) where it is set, else of
/// `file`, which is made with mode 0600 on first use.
/// Errors: kFailedPrecondition secrets.bad_master_key, secrets.key_file_open_to_others;
/// kUnavailable file.unreadable, file.unwritable.
[[nodiscard]] Result<std::unique_ptr<KeyProvider>> OpenLocalKeys(const std::filesystem::path& file, Random& random);

}  // namespace helios::secrets
