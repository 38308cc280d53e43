// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>

namespace helios::ml {

/// What counts as a shift.
struct VarianceShiftParameters {
  std::size_t origins = 8;       ///< newest ones among which it is looked for
  float score = 2.5F;            ///< standard errors from which on it is believed; 2 recovers sooner, errs more often
  std::size_t fewest_older = 8;  ///< origins before it
  std::size_t fewest_newer = 3;  ///< origins after it: fewer could be one passing disturbance
  float least_scatter = 0.1F;    ///< of the logarithms, so that a regular series does not see one in a trifle
};

/// A moment since which a series scatters more than it did.
struct VarianceShift {
  std::size_t origins = 0;  ///< newest ones that lie after it; 0: there was none
  float factor = 1.0F;      ///< how much larger their residuals are than the older ones'
};

/// Looks for a shift to larger residuals among `sizes`, the mean residual of each held-back origin in its own
/// scale, newest first; values that are not finite or not positive are passed over.
///
/// For each number of newest origins up to the most, their mean logarithm is compared with that of the older ones, in
/// standard errors of what the older ones scatter; the clearest difference above the least score is taken. On series
/// without a shift, a score of 3 is reached in some per cent of cases.
[[nodiscard]] VarianceShift FindVarianceShift(std::span<const float> sizes, const VarianceShiftParameters& parameters);

}  // namespace helios::ml
