// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/random.h"

namespace helios::crypto {

/// `bytes` as a big-endian number in base 62 (0-9, A-Z, a-z), padded to the width its length can need:
/// 43 digits for 32 bytes.
[[nodiscard]] std::string ToBase62(std::span<const std::uint8_t> bytes);

/// "hlx_", 32 random bytes in base 62, and a checksum of 6 digits over both: 53 characters. The checksum
/// lets a typing error be refused without asking the database.
[[nodiscard]] std::string MakeApiKey(Random& random);

/// Whether `key` has the form and the checksum of an API key.
[[nodiscard]] bool LooksLikeApiKey(std::string_view key);

/// 32 random bytes in base 62: a session's token.
[[nodiscard]] std::string MakeToken(Random& random);

}  // namespace helios::crypto
