// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

namespace helios::ml {

/// Levels at which widths of intervals are kept; between two of them they lie on a straight line. A level that is asked
/// for by name (50, 80, 90, 95, 98, 99 %) is one of them, so that nothing is lost there.
inline constexpr std::array kTableLevels = {0.0, 0.1,   0.2,  0.3,  0.4,  0.5,   0.6,  0.7,   0.8,  0.85,
                                            0.9, 0.925, 0.95, 0.96, 0.97, 0.975, 0.98, 0.985, 0.99, 0.995};

/// Width at each of kTableLevels, ascending.
using LevelTable = std::array<float, kTableLevels.size()>;

/// The width at `level`, in [0, 1], with `last` at `last_level`, where what was measured ends: the entries at it and
/// beyond are not looked at. Requires level <= last_level.
inline double WidthAt(const LevelTable& table, double level, double last_level, double last) {
  const auto after = static_cast<std::size_t>(std::ranges::upper_bound(kTableLevels, level) - kTableLevels.begin());
  const std::size_t before = after - 1;
  const auto low = static_cast<double>(table[before]);
  if (level == kTableLevels[before]) return low;
  const bool inner = after < kTableLevels.size() && kTableLevels[after] < last_level;
  const double next_level = inner ? kTableLevels[after] : last_level;
  const double next = inner ? static_cast<double>(table[after]) : last;
  if (!(next_level > kTableLevels[before])) return next;
  return low + (next - low) * ((level - kTableLevels[before]) / (next_level - kTableLevels[before]));
}

}  // namespace helios::ml
