// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <string_view>

#include "base/result.h"

namespace helios::ingest {

/// Undoes snappy's block format. The bytes lie in a buffer of the thread's own, and are valid until its next call; the
/// buffer is kept for it, unless it was unusually large.
///
/// Errors: kInvalidArgument ingest.bad_snappy; kTooLarge http.body_too_large where the body declares more than
/// `max_bytes`, before anything is allocated.
[[nodiscard]] Result<std::string_view> UncompressSnappy(std::string_view body, std::size_t max_bytes);

}  // namespace helios::ingest
