// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios::crypto {

using Digest256 = std::array<std::uint8_t, 32>;

[[nodiscard]] Digest256 Sha256(std::string_view bytes);
/// Of a file of any size. Errors: kNotFound file.not_found; kUnavailable file.unreadable.
[[nodiscard]] Result<Digest256> Sha256OfFile(const std::filesystem::path& path);
[[nodiscard]] Digest256 HmacSha256(std::span<const std::uint8_t> key, std::string_view bytes);

/// Compares without telling by its time where the two differ. Different lengths are unequal.
[[nodiscard]] bool EqualInConstantTime(std::string_view a, std::string_view b);

}  // namespace helios::crypto
