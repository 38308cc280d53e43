// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios::workbench {

/// "90" (minutes), "90m", "2h", "7d" or "1w": more than nothing and at most ten years.
/// Errors: kInvalidArgument workbench.bad_duration.
[[nodiscard]] Result<std::chrono::minutes> ParseMinutes(std::string_view text);

/// For a person: "5 min", "36 h", "14 d", "10 s"; the largest unit that divides it, two where none does well: "2 d 6
/// h".
[[nodiscard]] std::string DurationText(std::chrono::milliseconds duration);

}  // namespace helios::workbench
