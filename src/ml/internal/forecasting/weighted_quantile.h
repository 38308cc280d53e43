// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>

namespace helios::ml {

/// A value and what it counts; weights need not sum to one.
struct Weighted {
  float value;
  float weight;
};

/// Sorts by value; those of equal value keep their order. For a dozen.
inline void SortByValue(std::span<Weighted> items) {
  for (std::size_t i = 1; i < items.size(); ++i) {
    const Weighted moved = items[i];
    std::size_t at = i;
    for (; at > 0 && moved.value < items[at - 1].value; --at) items[at] = items[at - 1];
    items[at] = moved;
  }
}

/// The weighted quantile of `sorted`, which is not empty and has a positive sum of weights: linear between the
/// values, each of which stands at the middle of its share of the weight; the outermost beyond them.
inline float WeightedQuantile(std::span<const Weighted> sorted, float quantile) {
  float total = 0.0F;
  for (const auto& item : sorted) total += item.weight;
  const float wanted = quantile * total;
  float before = 0.0F;
  float place = 0.0F;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const float middle = before + 0.5F * sorted[i].weight;
    if (middle >= wanted) {
      if (i == 0 || middle <= place) return sorted[i].value;
      const float share = (wanted - place) / (middle - place);
      return sorted[i - 1].value + share * (sorted[i].value - sorted[i - 1].value);
    }
    before += sorted[i].weight;
    place = middle;
  }
  return sorted.back().value;
}

/// Weighted values, gathered in any order, and their quantiles without sorting: the weight below each value is
/// counted by comparing all with all, which for some tens in vector registers beats any sort. O(n^2).
class QuantileCounter {
 public:
  static constexpr std::size_t kMost = 48;

  void Clear() { size_ = 0; }
  void Add(float value, float weight) {
    values_[size_] = value;
    weights_[size_] = weight;
    ++size_;
  }
  [[nodiscard]] std::size_t size() const { return size_; }

  /// The quantiles `wanted` of what was added, as WeightedQuantile() has them but for rounding. Requires one value
  /// with a positive weight. Same bits on every processor.
  template <std::size_t N>
  [[nodiscard]] std::array<float, N> Quantiles(const std::array<float, N>& wanted) {
    std::array<float, N> found;
    Find(wanted, found);
    return found;
  }

 private:
  void Find(std::span<const float> wanted, std::span<float> found);

  std::size_t size_ = 0;
  alignas(32) std::array<float, kMost> values_;
  alignas(32) std::array<float, kMost> weights_;
  alignas(32) std::array<float, kMost> middles_;  // weight below each value and half its own
};

}  // namespace helios::ml
