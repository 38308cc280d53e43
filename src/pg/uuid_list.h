// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>
#include <vector>

#include "base/uuid.h"

namespace helios::pg {

/// The ids in what string_agg(id::text, ' ') gives. What is no id is left out.
[[nodiscard]] std::vector<Uuid> ParseUuidList(std::string_view text);

}  // namespace helios::pg
