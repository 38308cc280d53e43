// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/block_minima.h"

#include <algorithm>
#include <limits>

namespace helios::ml {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr std::size_t kBlock = BlockMinima::kBlock;

float LeastOf(const float* block) {
  std::array<float, 4> lanes = {block[0], block[1], block[2], block[3]};
  for (std::size_t i = 4; i < kBlock; i += 4) {
    for (std::size_t l = 0; l < 4; ++l) lanes[l] = block[i + l] < lanes[l] ? block[i + l] : lanes[l];
  }
  const float left = lanes[1] < lanes[0] ? lanes[1] : lanes[0];
  const float right = lanes[3] < lanes[2] ? lanes[3] : lanes[2];
  return right < left ? right : left;
}

std::size_t LastEqual(const float* block, std::size_t size, float wanted) {
  std::size_t last = size - 1;
  while (block[last] != wanted) --last;
  return last;
}

}  // namespace

void BlockMinima::Assign(std::span<float> values) {
  values_ = values;
  const std::size_t blocks = values.size() / kBlock;
  const std::size_t tops = (blocks + kBlock - 1) / kBlock;
  blocks_.assign(tops * kBlock, kInfinity);
  tops_.assign(tops, kInfinity);
  if (blocks == 0) {
    least_ = kInfinity;
    return;
  }
  Update(0, blocks - 1);
}

void BlockMinima::Update(std::size_t first_block, std::size_t last_block) {
  for (std::size_t b = first_block; b <= last_block; ++b) blocks_[b] = LeastOf(values_.data() + b * kBlock);
  for (std::size_t t = first_block / kBlock; t <= last_block / kBlock; ++t) tops_[t] = LeastOf(&blocks_[t * kBlock]);
  least_ = std::ranges::min(tops_);
}

std::size_t BlockMinima::LastOfLeast() const {
  const std::size_t top = LastEqual(tops_.data(), tops_.size(), least_);
  const std::size_t block = top * kBlock + LastEqual(&blocks_[top * kBlock], kBlock, least_);
  return block * kBlock + LastEqual(values_.data() + block * kBlock, kBlock, least_);
}

void BlockMinima::Remove(std::size_t first, std::size_t last) {
  std::fill(values_.begin() + static_cast<std::ptrdiff_t>(first),
            values_.begin() + static_cast<std::ptrdiff_t>(last) + 1, kInfinity);
  Update(first / kBlock, last / kBlock);
}

}  // namespace helios::ml
