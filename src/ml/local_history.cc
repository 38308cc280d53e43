// SPDX-License-Identifier: Apache-2.0
#include "ml/local_history.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace helios::ml {

LocalHistory ToLocalHistory(const RegularHistory& history, const LocalClock& clock) {
  LocalHistory local{.first = clock.ToLocal(history.first), .step = history.step, .values = {}};
  if (history.values.empty()) return local;
  // Places relative to the first value's; a clock put back may go before it.
  std::vector<std::int64_t> places;
  places.reserve(history.values.size());
  for (std::size_t i = 0; i < history.values.size(); ++i) {
    const auto time = history.first + history.step * static_cast<std::int64_t>(i);
    const auto moved = clock.OffsetAt(time) - clock.OffsetAt(history.first);
    const double steps = std::chrono::duration<double, std::milli>(moved) / history.step;
    places.push_back(static_cast<std::int64_t>(i) + std::llround(steps));
  }
  const auto [least, most] = std::ranges::minmax(places);
  local.first += history.step * least;
  const auto size = static_cast<std::size_t>(most - least + 1);
  local.values.assign(size, std::numeric_limits<double>::quiet_NaN());
  std::vector<std::size_t> counts(size, 0);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double value = history.values[i];
    if (std::isnan(value)) continue;
    const auto place = static_cast<std::size_t>(places[i] - least);
    // A running mean, which does not overflow.
    const auto count = static_cast<double>(++counts[place]);
    double& mean = local.values[place];
    mean = counts[place] == 1 ? value : mean * ((count - 1.0) / count) + value / count;
  }
  return local;
}

}  // namespace helios::ml
