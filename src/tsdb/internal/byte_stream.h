// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {

// Bytes with an uneven distribution, through zstd at its fastest level. Contexts are kept per thread,
// so that a block costs no allocation.

/// Appends a frame to `out` and returns true when that saves a fiftieth of `plain_size`, what they would take
/// otherwise; else leaves `out` alone.
bool AppendCompressed(std::span<const std::uint8_t> bytes, std::size_t plain_size, std::string& out);

/// Takes what AppendCompressed wrote, which must give exactly bytes.size() bytes. Writes no byte outside `bytes`.
[[nodiscard]] bool TakeCompressed(ColumnReader& in, std::span<std::uint8_t> bytes);

}  // namespace helios::tsdb
