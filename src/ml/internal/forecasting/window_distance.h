// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace helios::ml {

/// Distances are computed and kept in blocks of this many candidates.
inline constexpr std::size_t kDistanceBlock = 16;

/// A window of values against all earlier windows. Candidate c is the window that ends at `first + c`.
struct WindowDistance {
  std::span<const float> z;
  std::span<const float> newest;      ///< the window itself, oldest first
  std::size_t first;                  ///< at least newest.size() - 1
  std::size_t count;                  ///< candidates
  std::span<const float> importance;  ///< by lag, newest first; as long as the window
  std::span<const float> shifts;      ///< by candidate, in whole blocks
  std::span<const float> penalties;   ///< by candidate, at least `count`
};

/// distances[c] = penalties[c] + sum over lags i of importance[i] * |newest[-i] - z[first + c - i] - shifts[c]|,
/// infinity for the padding to whole blocks.
///
/// The widest path that the processor has is taken; all give the same bits, for each candidate's sum keeps
/// its order and no path fuses a multiplication with an addition.
void MeasureWindowDistances(const WindowDistance& search, std::span<float> distances);

/// The same by the path that every processor has; for tests.
void MeasureWindowDistancesPortably(const WindowDistance& search, std::span<float> distances);

}  // namespace helios::ml
