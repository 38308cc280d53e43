// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/random.h"

namespace helios::crypto {

using AeadKey = std::array<std::uint8_t, 32>;

/// AES-256-GCM of a short text: 12 random bytes of nonce, the sealed text, 16 bytes of tag. `bound_to` is not in the
/// result, and must be the same to open it. One key is good for 2^32 texts (NIST SP 800-38D, section 8.3).
[[nodiscard]] std::string Seal(const AeadKey& key, std::string_view bound_to, std::string_view plain, Random& random);

/// nullopt where it is damaged, of another key, or bound to something else.
[[nodiscard]] std::optional<std::string> Open(const AeadKey& key, std::string_view bound_to, std::string_view sealed);

}  // namespace helios::crypto
