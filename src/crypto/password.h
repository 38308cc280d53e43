// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"

namespace helios::crypto {

/// Argon2id with 19 MiB, 2 passes, 1 lane and a fresh salt, in the PHC string form. About 27 ms of CPU.
[[nodiscard]] std::string HashPassword(std::string_view password, Random& random);

/// Whether `password` made `hash`. An empty `hash` (no such user, or one without a password) costs the
/// same time and gives false.
[[nodiscard]] bool VerifyPassword(std::string_view password, const std::string& hash);

}  // namespace helios::crypto
