// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_slab.h"

#include <gtest/gtest.h>

#include <random>

namespace helios::tsdb {
namespace {

TEST(SampleSlab, NoTwoBuffersShareASample) {
  SampleSlab slab;
  struct Buffer {
    std::uint8_t size;
    std::uint32_t id;
    std::uint32_t mark;
  };
  std::vector<Buffer> held;
  std::minstd_rand random(7);
  for (std::uint32_t step = 0; step < 200'000; ++step) {
    if (held.size() < 500 || random() % 2 == 0) {
      const auto size = static_cast<std::uint8_t>(random() % SampleSlab::kSizes);
      const Buffer buffer{size, slab.Allocate(size), step};
      for (std::uint32_t i = 0; i < SampleSlab::Capacity(size); ++i) slab.At(size, buffer.id)[i] = {step, i};
      held.push_back(buffer);
    } else {
      const std::size_t at = random() % held.size();
      const Buffer buffer = held[at];
      for (std::uint32_t i = 0; i < SampleSlab::Capacity(buffer.size); ++i) {
        ASSERT_EQ(slab.At(buffer.size, buffer.id)[i].offset_ms, buffer.mark);
        ASSERT_EQ(slab.At(buffer.size, buffer.id)[i].bits, i);
      }
      slab.Free(buffer.size, buffer.id);
      held[at] = held.back();
      held.pop_back();
    }
  }
}

TEST(SampleSlab, BuffersThatGrowTogetherLeaveNothingBehind) {
  SampleSlab slab;
  constexpr std::size_t kBuffers = 100'000;
  std::vector<std::uint32_t> buffers(kBuffers);
  for (auto& buffer : buffers) buffer = slab.Allocate(0);
  for (std::uint8_t size = 0; size + 1 < SampleSlab::kSizes; ++size) {
    for (auto& buffer : buffers) {
      const std::uint32_t larger = slab.Allocate(static_cast<std::uint8_t>(size + 1));
      slab.Free(size, buffer);
      buffer = larger;
    }
  }
  constexpr std::size_t kNeeded = kBuffers * 64 * sizeof(BufferedSample);
  constexpr std::size_t kBlock = std::size_t{6} << 20U;  // memory is taken in such
  EXPECT_LT(slab.bytes(), kNeeded * 102 / 100 + kBlock);
}

}  // namespace
}  // namespace helios::tsdb
