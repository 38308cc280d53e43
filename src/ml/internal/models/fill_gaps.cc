// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/models/fill_gaps.h"

#include <cmath>
#include <cstddef>

namespace helios::ml {

std::vector<double> FillGaps(std::span<const double> values) {
  std::vector<double> filled(values.begin(), values.end());
  std::size_t known = values.size();  // the last known before i
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    const std::size_t begin = known == values.size() ? 0 : known + 1;
    const double from = known == values.size() ? values[i] : values[known];
    for (std::size_t j = begin; j < i; ++j) {
      filled[j] = std::lerp(from, values[i], static_cast<double>(j + 1 - begin) / static_cast<double>(i + 1 - begin));
    }
    known = i;
  }
  for (std::size_t j = known == values.size() ? 0 : known + 1; j < values.size(); ++j) {
    filled[j] = known == values.size() ? 0.0 : values[known];
  }
  return filled;
}

}  // namespace helios::ml
