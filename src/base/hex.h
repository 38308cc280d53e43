// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace helios {

/// Two lower-case digits a byte.
[[nodiscard]] std::string ToHex(std::span<const std::uint8_t> bytes);

/// Fills `out`; false unless `text` is exactly twice as many hex digits, of either case.
[[nodiscard]] bool FromHex(std::string_view text, std::span<std::uint8_t> out);

}  // namespace helios
