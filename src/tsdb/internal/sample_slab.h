// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "tsdb/internal/huge_array.h"

namespace helios::tsdb {

/// A sample in a buffer: its time after the buffer's first one, and its value's bits. 12 bytes, so that 64 of them
/// take twelve cache lines.
struct [[gnu::packed]] BufferedSample {
  std::uint32_t offset_ms;
  std::uint64_t bits;
};
static_assert(sizeof(BufferedSample) == 12);

/// The memory of the series' buffers: four sizes, of 8 to 64 samples, so that a series that brings few samples holds
/// little. Units of 64 samples are cut into buffers of one size and joined again when all of them are free, so series
/// that grow together leave nothing behind in the sizes they grew out of. Memory is used again and never returned.
/// Not thread-safe.
class SampleSlab {
 public:
  static constexpr std::uint8_t kSizes = 4;
  [[nodiscard]] static constexpr std::uint32_t Capacity(std::uint8_t size) { return 8U << size; }

  /// A buffer of Capacity(size) samples, with any content.
  [[nodiscard]] std::uint32_t Allocate(std::uint8_t size);
  void Free(std::uint8_t size, std::uint32_t buffer);
  [[nodiscard]] BufferedSample* At(std::uint8_t size, std::uint32_t buffer) const {
    const std::uint32_t unit = buffer / kCells;
    return blocks_[unit / kBlockUnits].data() + std::size_t{unit % kBlockUnits} * kUnitSamples +
           std::size_t{buffer % kCells} * Capacity(size);
  }
  /// Of memory held, used or not.
  [[nodiscard]] std::size_t bytes() const;

 private:
  static constexpr std::uint32_t kCells = 8;  ///< buffers of the smallest size in a unit
  static constexpr std::uint32_t kUnitSamples = kCells * 8;
  static constexpr std::uint32_t kBlockUnits = 8192;  ///< 6 MiB, three huge pages

  struct Unit {
    std::uint8_t size = 0;    ///< of its buffers
    std::uint8_t used = 0;    ///< a bit for each
    std::uint8_t listed = 0;  ///< a bit for each size whose list of open units has it, perhaps no longer rightly
  };
  [[nodiscard]] static std::uint8_t AllUsed(std::uint8_t size) {
    return static_cast<std::uint8_t>((1U << (kCells >> size)) - 1);
  }
  /// A unit of that size with a free buffer.
  [[nodiscard]] std::uint32_t OpenUnit(std::uint8_t size);

  std::vector<HugeArray<BufferedSample, std::size_t{kBlockUnits} * kUnitSamples>> blocks_;
  std::vector<Unit> units_;
  std::vector<std::uint32_t> free_units_;
  std::array<std::vector<std::uint32_t>, kSizes> open_units_;
};

}  // namespace helios::tsdb
