// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace helios::ml {

/// The t for which a share `level` of Student's distribution lies within [-t, t]: 2.571 for 0.95 and 5
/// degrees of freedom. Requires 0 < level < 1 and degrees >= 1. Exact for 1 and 2 degrees, else to six digits.
///
/// Source: Hill, "Algorithm 396: Student's t-Quantiles", Communications of the ACM 13 (1970).
[[nodiscard]] double StudentTwoSided(double level, unsigned degrees);

/// The z below which a share `probability` of the standard normal distribution lies, to 1e-8 relative.
/// Requires 0 < probability < 1.
///
/// Source: Acklam, "An algorithm for computing the inverse normal cumulative distribution function" (2003).
[[nodiscard]] double NormalQuantile(double probability);

}  // namespace helios::ml
