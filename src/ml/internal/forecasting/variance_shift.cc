// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/variance_shift.h"

#include <cmath>

namespace helios::ml {
namespace {

/// Count, sum and sum of squares of logarithms.
struct Logarithms {
  double count = 0.0;
  double sum = 0.0;
  double squares = 0.0;

  void Add(float size, double sign) {
    if (!std::isfinite(size) || !(size > 0.0F)) return;
    const double logarithm = std::log(static_cast<double>(size));
    count += sign;
    sum += sign * logarithm;
    squares += sign * logarithm * logarithm;
  }
  [[nodiscard]] double mean() const { return sum / count; }
};

}  // namespace

VarianceShift FindVarianceShift(std::span<const float> sizes, const VarianceShiftParameters& parameters) {
  Logarithms older;
  for (const float size : sizes) older.Add(size, 1.0);
  Logarithms newer;
  VarianceShift shift;
  double best = static_cast<double>(parameters.score);
  for (std::size_t k = 1; k <= parameters.origins && k < sizes.size(); ++k) {
    newer.Add(sizes[k - 1], 1.0);
    older.Add(sizes[k - 1], -1.0);
    if (older.count < static_cast<double>(parameters.fewest_older)) break;
    if (newer.count < static_cast<double>(parameters.fewest_newer)) continue;
    const double variance = older.squares / older.count - older.mean() * older.mean();
    const double scatter = std::sqrt(variance > 0.0 ? variance : 0.0) + static_cast<double>(parameters.least_scatter);
    const double difference = newer.mean() - older.mean();
    const double score = difference / (scatter * std::sqrt(1.0 / newer.count + 1.0 / older.count));
    if (score <= best) continue;
    best = score;
    shift = {k, static_cast<float>(std::exp(difference))};
  }
  return shift;
}

}  // namespace helios::ml
