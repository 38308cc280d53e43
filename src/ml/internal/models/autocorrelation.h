// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace helios::ml {

/// Correlation of `values` with themselves at lags 0 to `most` < values.size(), about their mean: the mean product over
/// the pairs there are, relative to the variance. Zeros where nothing varies. O(n log n), by Fourier transform.
[[nodiscard]] std::vector<double> Autocorrelation(std::span<const double> values, std::size_t most);

}  // namespace helios::ml
