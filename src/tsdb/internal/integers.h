// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {

// Columns of many integers, as blocks and rollups hold them: as they are or as steps between neighbours, all or only
// those that changed, in windows that each have a base and a width, the top eight bits of every packed number apart and
// through zstd. Bytes: docs/formats/sample-block.md, "Integers".

/// Packed numbers of a window.
inline constexpr std::size_t kIntegersWindow = 480;

/// One way to write a column, and what it would take, about.
struct IntegerForm {
  bool steps = false;
  bool sparse = false;
  Column<std::int64_t> numbers;  ///< what is packed
  std::size_t bits = std::numeric_limits<std::size_t>::max();
};

/// The cheapest form of 1 or more integers.
[[nodiscard]] IntegerForm FindForm(std::span<const std::int64_t> x);

/// Appends 1 or more integers, in the form that FindForm found for them. Any integers: differences may wrap.
void AppendIntegers(std::span<const std::int64_t> x, const IntegerForm& form, std::string& out);
void AppendIntegers(std::span<const std::int64_t> x, std::string& out);

/// Reads what AppendIntegers wrote into x[0, count), count >= 1. False when it is malformed. Safe on any bytes.
[[nodiscard]] bool TakeIntegers(ColumnReader& in, std::size_t count, std::uint64_t* x);

}  // namespace helios::tsdb
