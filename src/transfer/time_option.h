// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace helios::transfer {

/// "15s", "5m", "2h", "14d" or "2w"; a number alone is seconds. With `negative`, also "-2h".
/// Errors: kInvalidArgument transfer.bad_option.
[[nodiscard]] Result<std::chrono::milliseconds> ParseDurationOption(std::string_view text, bool negative = false);

/// RFC 3339, unix seconds, "now", or "now-14d". Errors: kInvalidArgument transfer.bad_option.
[[nodiscard]] Result<TimestampMs> ParseTimeOption(std::string_view text, TimestampMs now);

}  // namespace helios::transfer
