// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/window_distance.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace helios::ml {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

constexpr std::size_t kLanes = 8;
static_assert(kDistanceBlock == 2 * kLanes);

/// Eight at a time, in one register or in two.
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));
using Bits = std::int32_t __attribute__((vector_size(kLanes * sizeof(float))));

[[gnu::always_inline]] inline void Load(const float* from, Lanes& lanes) {
  std::memcpy(&lanes, from, sizeof(lanes));
}

/// sum += importance * |wanted - candidate|
[[gnu::always_inline]] inline void AddDistance(float importance, const Lanes& wanted, const float* candidate,
                                               Lanes& sum) {
  Lanes value;
  Load(candidate, value);
  value = wanted - value;
  Bits bits;
  std::memcpy(&bits, &value, sizeof(bits));
  bits &= 0x7fffffff;
  std::memcpy(&value, &bits, sizeof(bits));
  sum += importance * value;
}

/// The one loop of all paths, compiled once for each: candidates in lanes, lags one after the other, so that wider
/// registers do not change the order of any sum.
[[gnu::always_inline]] inline void Measure(const WindowDistance& search, std::span<float> distances) {
  const std::size_t window = search.newest.size();
  const float* newest = search.newest.data() + window - 1;
  const float* importance = search.importance.data();
  const std::size_t whole = search.count / kDistanceBlock * kDistanceBlock;
  for (std::size_t from = 0; from < whole; from += kDistanceBlock) {
    Lanes sums[2] = {};
    Lanes shifts[2];
    Load(&search.shifts[from], shifts[0]);
    Load(&search.shifts[from + kLanes], shifts[1]);
    const float* end = search.z.data() + search.first + from;
    for (std::size_t i = 0; i < window; ++i) {
      const float wanted = newest[-static_cast<std::ptrdiff_t>(i)];
      AddDistance(importance[i], wanted - shifts[0], end - i, sums[0]);
      AddDistance(importance[i], wanted - shifts[1], end - i + kLanes, sums[1]);
    }
    for (std::size_t half = 0; half < 2; ++half) {
      Lanes penalty;
      Load(&search.penalties[from + half * kLanes], penalty);
      sums[half] += penalty;
      std::memcpy(&distances[from + half * kLanes], &sums[half], sizeof(Lanes));
    }
  }
  if (whole == search.count) return;
  std::array<float, kDistanceBlock> sum;
  sum.fill(kInfinity);
  for (std::size_t c = whole; c < search.count; ++c) {
    float distance = 0.0F;
    for (std::size_t i = 0; i < window; ++i) {
      const float wanted = newest[-static_cast<std::ptrdiff_t>(i)] - search.shifts[c];
      distance += importance[i] * std::abs(wanted - search.z[search.first + c - i]);
    }
    sum[c - whole] = distance + search.penalties[c];
  }
  std::memcpy(&distances[whole], sum.data(), sizeof(sum));
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void MeasureWithAvx2(const WindowDistance& search, std::span<float> distances) {
  Measure(search, distances);
}

bool HasAvx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}
#endif

}  // namespace

void MeasureWindowDistancesPortably(const WindowDistance& search, std::span<float> distances) {
  Measure(search, distances);
}

void MeasureWindowDistances(const WindowDistance& search, std::span<float> distances) {
#if defined(__x86_64__)
  if (HasAvx2()) return MeasureWithAvx2(search, distances);
#endif
  MeasureWindowDistancesPortably(search, distances);
}

}  // namespace helios::ml
