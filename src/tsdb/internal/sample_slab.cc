// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_slab.h"

namespace helios::tsdb {

std::uint32_t SampleSlab::Allocate(std::uint8_t size) {
  Size& of = sizes_[size];
  if (of.free.empty()) {
    const auto first = static_cast<std::uint32_t>(of.blocks.size()) * kBlockBuffers;
    of.blocks.push_back(std::make_unique_for_overwrite<BufferedSample[]>(std::size_t{kBlockBuffers} * Capacity(size)));
    of.free.reserve(kBlockBuffers);
    for (std::uint32_t i = kBlockBuffers; i > 0; --i) of.free.push_back(first + i - 1);
  }
  const std::uint32_t buffer = of.free.back();
  of.free.pop_back();
  return buffer;
}

void SampleSlab::Free(std::uint8_t size, std::uint32_t buffer) {
  sizes_[size].free.push_back(buffer);
}

std::size_t SampleSlab::bytes() const {
  std::size_t sum = 0;
  for (std::uint8_t size = 0; size < kSizes; ++size) {
    sum += sizes_[size].blocks.size() * kBlockBuffers * Capacity(size) * sizeof(BufferedSample);
    sum += sizes_[size].free.capacity() * sizeof(std::uint32_t);
  }
  return sum;
}

}  // namespace helios::tsdb
