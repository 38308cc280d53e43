// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>

namespace helios::tsdb {

// Numbers of `width` bits each, 0 to 64, one after the other from the lowest bit of the first byte upwards: number i
// starts at bit i * width. Eight numbers fill `width` bytes, which is what packing and unpacking work in.

inline constexpr unsigned kMaxPackedWidth = 64;
/// PackBits may write so many bytes beyond the end.
inline constexpr std::size_t kPackSlack = 8;

[[nodiscard]] constexpr std::size_t PackedBytes(std::size_t count, unsigned width) {
  return (count * width + 7) / 8;
}

/// Writes PackedBytes(count, width) bytes at `out`, unused bits of the last one zero, which must have room for
/// kPackSlack more. Every value must be below 2^width.
void PackBits(const std::uint64_t* values, std::size_t count, unsigned width, char* out);

/// Reads PackedBytes(count, width) bytes at `bytes`. Never reads at or beyond `readable_end`, which is at least their
/// end; the further away it is, the less is copied first.
void UnpackBits(const char* bytes, const char* readable_end, std::size_t count, unsigned width, std::uint64_t* out);

/// Number `index` of those at `bytes`, alone.
[[nodiscard]] std::uint64_t UnpackOne(const char* bytes, const char* readable_end, std::size_t index, unsigned width);

}  // namespace helios::tsdb
