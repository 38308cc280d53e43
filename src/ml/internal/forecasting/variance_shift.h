// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace helios::ml {

/// A moment since which a series scatters more than it did.
struct VarianceShift {
  std::size_t origins = 0;  ///< newest ones that lie after it; 0: there was none
  float factor = 1.0F;      ///< how much larger their residuals are than the older ones'
};

/// Looks for a shift to larger residuals among `sizes`, the mean residual of each held-back origin in its own
/// scale, newest first; values that are not finite or not positive are passed over.
///
/// For each number of newest origins up to `most`, their mean logarithm is compared with that of the older ones, in
/// standard errors of what the older ones scatter; the clearest difference above `least_score` is taken. At least
/// eight older origins are needed. On series without a shift, a score of 3 is reached in some per cent of cases.
[[nodiscard]] VarianceShift FindVarianceShift(std::span<const float> sizes, std::size_t most, float least_score);

}  // namespace helios::ml
