// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/window_distance.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace helios::ml {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// The one loop of all paths, compiled once for each: lags outside, candidates inside, so that the compiler can
/// use as many lanes as there are without changing the order of any sum.
[[gnu::always_inline]] inline void Measure(const WindowDistance& search, std::span<float> distances,
                                           std::span<float> least) {
  const std::size_t window = search.newest.size();
  for (std::size_t from = 0; from < search.count; from += kDistanceBlock) {
    const std::size_t lanes = std::min(kDistanceBlock, search.count - from);
    std::array<float, kDistanceBlock> sum{};
    std::array<float, kDistanceBlock> shift;
    for (std::size_t l = 0; l < kDistanceBlock; ++l) shift[l] = search.shifts[from + l];
    if (lanes == kDistanceBlock) {
      const float* end = search.z.data() + search.first + from;
      for (std::size_t i = 0; i < window; ++i) {
        const float newest = search.newest[window - 1 - i];
        const float importance = search.importance[i];
        const float* candidate = end - i;
#pragma clang loop vectorize(enable) interleave(enable)
        for (std::size_t l = 0; l < kDistanceBlock; ++l) {
          sum[l] += importance * std::abs((newest - shift[l]) - candidate[l]);
        }
      }
      for (std::size_t l = 0; l < kDistanceBlock; ++l) sum[l] += search.penalties[from + l];
    } else {
      for (std::size_t l = 0; l < kDistanceBlock; ++l) {
        for (std::size_t i = 0; i < window && l < lanes; ++i) {
          const float candidate = search.z[search.first + from + l - i];
          sum[l] += search.importance[i] * std::abs((search.newest[window - 1 - i] - shift[l]) - candidate);
        }
        sum[l] = l < lanes ? sum[l] + search.penalties[from + l] : kInfinity;
      }
    }
    std::ranges::copy(sum, distances.begin() + static_cast<std::ptrdiff_t>(from));
    least[from / kDistanceBlock] = LeastOfBlock(sum);
  }
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void MeasureWithAvx2(const WindowDistance& search, std::span<float> distances,
                                             std::span<float> least) {
  Measure(search, distances, least);
}

bool HasAvx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}
#endif

}  // namespace

void MeasureWindowDistancesPortably(const WindowDistance& search, std::span<float> distances, std::span<float> least) {
  Measure(search, distances, least);
}

void MeasureWindowDistances(const WindowDistance& search, std::span<float> distances, std::span<float> least) {
#if defined(__x86_64__)
  if (HasAvx2()) return MeasureWithAvx2(search, distances, least);
#endif
  MeasureWindowDistancesPortably(search, distances, least);
}

float LeastOfBlock(std::span<const float, kDistanceBlock> block) {
  float least = block[0];
  for (const float value : block) least = value < least ? value : least;
  return least;
}

std::size_t LastOfLeast(std::span<const float> values) {
  std::array<float, kDistanceBlock> lanes;
  lanes.fill(kInfinity);
  std::size_t i = 0;
  for (; i + kDistanceBlock <= values.size(); i += kDistanceBlock) {
    for (std::size_t l = 0; l < kDistanceBlock; ++l) lanes[l] = values[i + l] < lanes[l] ? values[i + l] : lanes[l];
  }
  float least = LeastOfBlock(lanes);
  for (; i < values.size(); ++i) least = values[i] < least ? values[i] : least;
  std::size_t last = values.size() - 1;
  while (last > 0 && values[last] != least) --last;
  return last;
}

}  // namespace helios::ml
