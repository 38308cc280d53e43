// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace helios::identity {

/// The parts of a text between single spaces.
[[nodiscard]] std::vector<std::string> SplitWords(std::string_view text);

}  // namespace helios::identity
