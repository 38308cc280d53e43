// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

namespace helios::ml {

/// Share that the `n`-th value takes in an exponential mean over about `horizon` values: 1/n at first, so
/// that it starts as the plain mean. n >= 1, horizon >= 1.
[[nodiscard]] inline float Share(std::uint32_t n, float horizon) {
  return 1.0F / std::min(static_cast<float>(n), horizon);
}

/// Moves `mean` towards `value` by `share`.
template <class T>
void Approach(T& mean, T value, float share) {
  mean += static_cast<T>(share) * (value - mean);
}

}  // namespace helios::ml
