// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/judged_sample.h"

#include <algorithm>

namespace helios::detection {

std::vector<JudgedSample> KeepExtremes(std::vector<JudgedSample> samples, std::size_t most) {
  if (samples.size() <= most) return samples;
  const std::size_t parts = most / 2;
  std::vector<JudgedSample> kept;
  kept.reserve(2 * parts);
  for (std::size_t part = 0; part < parts; ++part) {
    const auto begin = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() * part / parts);
    const auto end = samples.begin() + static_cast<std::ptrdiff_t>(samples.size() * (part + 1) / parts);
    auto [least, largest] =
        std::minmax_element(begin, end, [](const JudgedSample& a, const JudgedSample& b) { return a.value < b.value; });
    if (largest < least) std::swap(least, largest);
    kept.push_back(*least);
    if (least != largest) kept.push_back(*largest);
  }
  return kept;
}

}  // namespace helios::detection
