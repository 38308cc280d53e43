// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/weighted_quantile.h"

#include <cstring>
#include <limits>

namespace helios::ml {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kLanes = 8;

using Column = std::array<float, QuantileCounter::kMost>;
/// Eight at a time, in one register or in two.
using Lanes = float __attribute__((vector_size(kLanes * sizeof(float))));

[[gnu::always_inline]] inline void Load(const Column& column, std::size_t from, Lanes& lanes) {
  std::memcpy(&lanes, &column[from], sizeof(lanes));
}

/// Where the lane's value stands among all: the weight of those before it in value, then in order, and half its own.
[[gnu::always_inline]] inline void CountMiddles(std::size_t size, std::size_t padded, const Column& values,
                                                const Column& weights, Column& middles) {
  const Lanes none = {};
  const Lanes index = {0, 1, 2, 3, 4, 5, 6, 7};
  for (std::size_t from = 0; from < padded; from += kLanes) {
    Lanes own;
    Lanes below;
    Load(values, from, own);
    Load(weights, from, below);
    below *= 0.5F;
    // Ties: those that came earlier are below. So: at most as large among the earlier, smaller among the later.
    for (std::size_t j = 0; j < from; ++j) below += none + values[j] <= own ? none + weights[j] : none;
    for (std::size_t j = from; j < from + kLanes && j < size; ++j) {
      const Lanes earlier = none + static_cast<float>(j - from) < index ? none + weights[j] : none;
      below += none + values[j] < own ? none + weights[j] : (none + values[j] == own ? earlier : none);
    }
    for (std::size_t j = from + kLanes; j < size; ++j) below += none + values[j] < own ? none + weights[j] : none;
    std::memcpy(&middles[from], &below, sizeof(below));
  }
}

/// The value at `wanted`, between the last middle that does not exceed it and the first that does. Middles of the
/// padding are infinite.
[[gnu::always_inline]] inline float At(float wanted, std::size_t padded, const Column& values, const Column& middles) {
  const Lanes none = {};
  Lanes left = none - kInfinity;   // greatest middle at or before `wanted`
  Lanes right = none + kInfinity;  // least middle after it
  Lanes left_value = none;
  Lanes right_value = none;
  for (std::size_t from = 0; from < padded; from += kLanes) {
    Lanes middle;
    Lanes value;
    Load(middles, from, middle);
    Load(values, from, value);
    const Lanes lower = middle <= none + wanted ? middle : none - kInfinity;
    left_value = lower > left ? value : left_value;
    left = lower > left ? lower : left;
    const Lanes higher = middle > none + wanted ? middle : none + kInfinity;
    right_value = higher < right ? value : right_value;
    right = higher < right ? higher : right;
  }
  float best_left = -kInfinity;
  float best_right = kInfinity;
  float lower = 0.0F;
  float upper = 0.0F;
  for (std::size_t l = 0; l < kLanes; ++l) {
    lower = left[l] > best_left ? left_value[l] : lower;
    best_left = left[l] > best_left ? left[l] : best_left;
    upper = right[l] < best_right ? right_value[l] : upper;
    best_right = right[l] < best_right ? right[l] : best_right;
  }
  if (best_left == -kInfinity) return upper;
  if (best_right == kInfinity) return lower;
  return lower + (wanted - best_left) / (best_right - best_left) * (upper - lower);
}

[[gnu::always_inline]] inline void FindAll(std::size_t size, Column& values, Column& weights, Column& middles,
                                           std::span<const float> wanted, std::span<float> found) {
  const std::size_t padded = (size + kLanes - 1) / kLanes * kLanes;
  float total = 0.0F;
  for (std::size_t i = 0; i < size; ++i) total += weights[i];
  for (std::size_t i = size; i < padded; ++i) {
    values[i] = kInfinity;
    weights[i] = 0.0F;
  }
  CountMiddles(size, padded, values, weights, middles);
  for (std::size_t i = size; i < padded; ++i) middles[i] = kInfinity;
  for (std::size_t q = 0; q < wanted.size(); ++q) found[q] = At(wanted[q] * total, padded, values, middles);
}

#if defined(__x86_64__)
[[gnu::target("avx2")]] void FindAllWithAvx2(std::size_t size, Column& values, Column& weights, Column& middles,
                                             std::span<const float> wanted, std::span<float> found) {
  FindAll(size, values, weights, middles, wanted, found);
}
bool HasAvx2() {
  static const bool has = __builtin_cpu_supports("avx2") != 0;
  return has;
}
#endif

}  // namespace

void QuantileCounter::Find(std::span<const float> wanted, std::span<float> found) {
#if defined(__x86_64__)
  if (HasAvx2()) return FindAllWithAvx2(size_, values_, weights_, middles_, wanted, found);
#endif
  FindAll(size_, values_, weights_, middles_, wanted, found);
}

}  // namespace helios::ml
