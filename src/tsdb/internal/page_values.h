// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {

// The values of a page (sample_page.h): integers of decimals or of the floats' bits, as they are or as steps between
// neighbours, all or only those that changed, packed at the width of their range. Bytes: docs/formats/sample-page.md.

inline constexpr std::size_t kMaxPageValues = 64;

/// Room that PutPageValues needs.
inline constexpr std::size_t kMaxPageValueBytes = 2048;

/// Writes 1 to kMaxPageValues values at `out` and returns the end. `hint` is what the last page of the series taught
/// (PageHint::packed), 0 for none: with one that fits only its form is tried, and all forms now and then.
char* PutPageValues(std::span<const double> values, std::uint32_t& hint, char* out);

/// Reads what PutPageValues wrote into values[0, count). False when it is malformed.
[[nodiscard]] bool TakePageValues(ColumnReader& in, std::size_t count, double* values);

}  // namespace helios::tsdb
