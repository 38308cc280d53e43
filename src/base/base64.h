// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace helios {

/// The bytes that standard base64 with padding stands for (RFC 4648, section 4), or nullopt.
[[nodiscard]] std::optional<std::string> FromBase64(std::string_view text);

/// `bytes` in standard base64 with padding.
[[nodiscard]] std::string ToBase64(std::string_view bytes);

}  // namespace helios
