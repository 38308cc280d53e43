// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>

#include "base/random.h"
#include "base/result.h"

namespace helios::crypto {

/// Files of any size, sealed with AES-256-GCM in pieces of 1 MiB, so that neither side holds more than a piece. No byte
/// can be changed, moved, added or cut off unnoticed. Each file has a key of its own, derived from `key` and 32 random
/// bytes in its header, so that no nonce comes twice; a piece's nonce is its number and whether it is the last.
/// Format: docs/formats/backup.md.
using SealKey = std::array<std::uint8_t, 32>;

/// Writes `plain`, sealed, to `sealed`, mode 0600, synced; replaces what is there.
/// Errors: kNotFound file.not_found; kUnavailable file.unreadable, file.unwritable.
[[nodiscard]] Result<void> SealFile(const std::filesystem::path& plain, const std::filesystem::path& sealed,
                                    const SealKey& key, Random& random);

/// The other way round. After an error `plain` does not exist.
/// Errors: those of SealFile(); kDataCorruption crypto.bad_seal: damaged, cut short, or of another key.
[[nodiscard]] Result<void> OpenSealedFile(const std::filesystem::path& sealed, const std::filesystem::path& plain,
                                          const SealKey& key);

}  // namespace helios::crypto
