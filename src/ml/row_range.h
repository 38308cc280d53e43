// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace helios::ml {

/// Rows first..last of a series, both in it.
struct RowRange {
  std::size_t first = 0;
  std::size_t last = 0;

  friend bool operator==(const RowRange&, const RowRange&) = default;
};

}  // namespace helios::ml
