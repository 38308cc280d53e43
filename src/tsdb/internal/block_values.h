// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {

// The values of a block (sample_block.h): the integers of a page's values, in windows that each have a base and a width
// of their own, the top eight bits of every packed number apart and through zstd. Bytes: docs/formats/sample-block.md.

/// Packed numbers of a window.
inline constexpr std::size_t kValuesWindow = 480;

/// Appends 1 or more values.
void AppendBlockValues(std::span<const double> values, std::string& out);

/// Reads what AppendBlockValues wrote into values[0, count). False when it is malformed.
[[nodiscard]] bool TakeBlockValues(ColumnReader& in, std::size_t count, double* values);

}  // namespace helios::tsdb
