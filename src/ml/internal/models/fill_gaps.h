// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

namespace helios::ml {

/// `values` with gaps (NaN) bridged by straight lines, and by the nearest known value at the ends; zeros where nothing
/// is known.
[[nodiscard]] std::vector<double> FillGaps(std::span<const double> values);

}  // namespace helios::ml
