// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/models/loess.h"

#include <algorithm>
#include <cmath>

namespace helios::ml {
namespace {

/// The local fit at `x`, in steps from the first value, possibly outside of them.
double FitAt(std::span<const double> values, double x, const LoessOptions& options) {
  const std::size_t size = values.size();
  const std::size_t count = std::min(options.window, size);
  // The nearest `count` values.
  const double middle = x - 0.5 * static_cast<double>(count - 1);
  const auto first =
      static_cast<std::size_t>(std::clamp(std::ceil(middle - 1e-9), 0.0, static_cast<double>(size - count)));
  const std::size_t last = first + count - 1;
  double reach = std::max(x - static_cast<double>(first), static_cast<double>(last) - x);
  if (options.window > size) reach += 0.5 * static_cast<double>(options.window - size);
  double weights = 0.0;
  double mean = 0.0;
  double distances = 0.0;
  double squares = 0.0;
  double products = 0.0;
  for (std::size_t i = first; i <= last; ++i) {
    const double distance = static_cast<double>(i) - x;
    const double share = std::abs(distance) / reach;
    if (share >= 0.999) continue;
    const double near = 1.0 - share * share * share;
    const double weight = share <= 0.001 ? 1.0 : near * near * near;
    weights += weight;
    mean += weight * values[i];
    distances += weight * distance;
    squares += weight * distance * distance;
    products += weight * distance * values[i];
  }
  if (!(weights > 0.0)) return values[x <= 0.0 ? first : last];
  mean /= weights;
  if (!options.line) return mean;
  distances /= weights;
  const double spread = squares / weights - distances * distances;
  const double span = static_cast<double>(size - 1);
  // As in STL: a line only where the values used are spread enough to hold one.
  if (!(spread > 1e-6 * span * span)) return mean;
  const double slope = (products / weights - distances * mean) / spread;
  return mean - slope * distances;
}

}  // namespace

std::vector<double> Loess(std::span<const double> values, const LoessOptions& options) {
  const std::size_t results = values.size() + 2 * options.beyond;
  std::vector<double> smooth(results);
  const auto at = [&](std::size_t i) {
    return FitAt(values, static_cast<double>(i) - static_cast<double>(options.beyond), options);
  };
  std::size_t before = 0;
  smooth[0] = at(0);
  while (before + 1 < results) {
    const std::size_t next = std::min(before + options.jump, results - 1);
    smooth[next] = at(next);
    for (std::size_t i = before + 1; i < next; ++i) {
      smooth[i] =
          std::lerp(smooth[before], smooth[next], static_cast<double>(i - before) / static_cast<double>(next - before));
    }
    before = next;
  }
  return smooth;
}

}  // namespace helios::ml
