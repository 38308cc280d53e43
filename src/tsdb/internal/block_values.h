// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {

// The values of a block (sample_block.h): integers of decimals or of the floats' bits, as one column of integers.h, and
// what no integer gives back. Bytes: docs/formats/sample-block.md.

/// Appends 1 or more values.
void AppendBlockValues(std::span<const double> values, std::string& out);

/// Reads what AppendBlockValues wrote into values[0, count). False when it is malformed.
[[nodiscard]] bool TakeBlockValues(ColumnReader& in, std::size_t count, double* values);

}  // namespace helios::tsdb
