// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace helios::workbench {

struct Tick {
  double at = 0.0;
  std::string label;
  std::string below;  ///< a second row: the day, or the year, where it changes
};

/// The values of an axis: its ends, widened to round numbers, and its ticks.
struct ValueAxis {
  double least = 0.0;
  double most = 1.0;
  std::vector<Tick> ticks;  ///< three to about eight, ascending
};

/// An axis that shows [least, most], finite and |value| <= 1e300. It begins at zero where that costs less than half of
/// it. Large numbers are written with k, M, G, T.
[[nodiscard]] ValueAxis MakeValueAxis(double least, double most);

/// Ticks at round times of UTC in [first, last], unix milliseconds of the years 1 to 9999: at most `most` of them, from
/// seconds to years apart.
[[nodiscard]] std::vector<Tick> TimeTicks(double first, double last, std::size_t most);

}  // namespace helios::workbench
