// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace helios::tsdb {

/// A sample in a buffer: its time after the buffer's first one, and its value's bits. 12 bytes, so that 64 of them
/// take twelve cache lines.
struct [[gnu::packed]] BufferedSample {
  std::uint32_t offset_ms;
  std::uint64_t bits;
};
static_assert(sizeof(BufferedSample) == 12);

/// The memory of the series' buffers: four sizes, of 8 to 64 samples, so that a series that brings few samples holds
/// little. What is freed is used again and never returned. Not thread-safe.
class SampleSlab {
 public:
  static constexpr std::uint8_t kSizes = 4;
  [[nodiscard]] static constexpr std::uint32_t Capacity(std::uint8_t size) { return 8U << size; }

  /// A buffer of Capacity(size) samples, with any content.
  [[nodiscard]] std::uint32_t Allocate(std::uint8_t size);
  void Free(std::uint8_t size, std::uint32_t buffer);
  [[nodiscard]] BufferedSample* At(std::uint8_t size, std::uint32_t buffer) const {
    return sizes_[size].blocks[buffer / kBlockBuffers].get() +
           static_cast<std::size_t>(buffer % kBlockBuffers) * Capacity(size);
  }
  /// Of memory held, used or not.
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kBlockBuffers = 256;
  struct Size {
    std::vector<std::unique_ptr<BufferedSample[]>> blocks;
    std::vector<std::uint32_t> free;
  };
  std::array<Size, kSizes> sizes_;
};

}  // namespace helios::tsdb
