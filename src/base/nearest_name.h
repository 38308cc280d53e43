// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

namespace helios {

/// The candidate a misspelt `name` most likely meant: the one at the smallest edit distance, if that
/// is at most a third of the name's length (and at least one edit is allowed); else "".
[[nodiscard]] std::string_view NearestName(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace helios
