// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

namespace helios::ingest {

/// What a sender's owner can do about a refusal of that reason, in a sentence or two; never empty. Of reasons that the
/// intake does not know it says where else to look.
[[nodiscard]] std::string_view FixOf(std::string_view reason);

}  // namespace helios::ingest
