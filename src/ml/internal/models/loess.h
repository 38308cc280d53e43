// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace helios::ml {

struct LoessOptions {
  std::size_t window = 7;  ///< values that a local fit looks at; more than there are widens the weights, as in STL
  bool line = true;        ///< fit a line, else a constant
  std::size_t jump = 1;    ///< fit at each so many values, and go straight in between
  std::size_t beyond = 0;  ///< also say what lies so many steps before the first and after the last value
};

/// Local regression with tricube weights over values a step apart: values.size() + 2 * beyond results, the first for
/// `beyond` steps before the first value. O(results / jump * window).
///
/// Source: Cleveland et al., "STL", J. Official Statistics 6 (1990), section 2.2.
[[nodiscard]] std::vector<double> Loess(std::span<const double> values, const LoessOptions& options);

}  // namespace helios::ml
