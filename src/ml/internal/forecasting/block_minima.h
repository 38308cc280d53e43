// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace helios::ml {

/// The least of some thousand numbers, again and again while stretches of them are removed. Minima are kept of
/// blocks and of blocks of blocks, so that finding and removing one costs three blocks instead of all numbers.
class BlockMinima {
 public:
  static constexpr std::size_t kBlock = 16;

  /// Watches `values`, a whole number of blocks; Remove() writes to them. They must outlive the next Assign().
  void Assign(std::span<float> values);

  /// Infinity when nothing is left.
  [[nodiscard]] float Least() const { return least_; }

  /// Index of the least, the last one of equals. Requires Least() < infinity.
  [[nodiscard]] std::size_t LastOfLeast() const;

  /// Makes the values first..last infinite.
  void Remove(std::size_t first, std::size_t last);

 private:
  void Update(std::size_t first_block, std::size_t last_block);

  std::span<float> values_;
  std::vector<float> blocks_;  // least of each block of values, padded with infinity to whole blocks
  std::vector<float> tops_;    // least of each block of blocks_
  float least_ = 0.0F;
};

}  // namespace helios::ml
