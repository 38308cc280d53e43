// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>

namespace helios {

/// CRC-32C (Castagnoli) of `bytes`; the CRC of a text in pieces is Crc32c(second, Crc32c(first)).
/// By the processor's instruction where the build's target has it (x86-64-v2 does), otherwise by a table.
/// Source: RFC 3720, appendix B.4.
[[nodiscard]] std::uint32_t Crc32c(std::string_view bytes, std::uint32_t crc = 0);

/// The same by table alone: what the instruction is checked against.
[[nodiscard]] std::uint32_t Crc32cByTable(std::string_view bytes, std::uint32_t crc = 0);

}  // namespace helios
