// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tsdb/internal/varint.h"

namespace helios::tsdb {

// What the formats of columns are written with: little endian, LEB128 varints, zigzag for signed numbers. Columns are
// copied as they lie in memory, so a machine of the other byte order would need swaps that nobody has written.
static_assert(std::endian::native == std::endian::little);

/// Bits that `value` needs; 0 for 0.
[[nodiscard]] constexpr unsigned BitWidth(std::uint64_t value) {
  return static_cast<unsigned>(std::bit_width(value));
}

[[nodiscard]] constexpr std::size_t VarintBytes(std::uint64_t value) {
  return (BitWidth(value | 1U) + 6) / 7;
}

inline char* PutByte(char* out, unsigned value) {
  *out = static_cast<char>(value);
  return out + 1;
}
inline char* PutU64(char* out, std::uint64_t value) {
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

/// Takes numbers off the front of bytes that nobody has vouched for. A number that is not there reads as 0 and leaves
/// the reader failed for good, so that a caller may read several and ask ok() once, before it acts on any.
class ColumnReader {
 public:
  explicit ColumnReader(std::string_view bytes) : next_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  unsigned Byte() {
    if (next_ == end_) [[unlikely]] {
      ok_ = false;
      return 0;
    }
    return static_cast<std::uint8_t>(*next_++);
  }

  std::uint64_t U64() {
    std::uint64_t value = 0;
    if (const char* bytes = Bytes(sizeof value)) std::memcpy(&value, bytes, sizeof value);
    return value;
  }

  /// At most 64 bits: a tenth byte holds one.
  std::uint64_t Varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const std::uint64_t byte = Byte();
      if (shift == 63 && byte > 1) break;
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  std::int64_t Signed() { return UnZigZag(Varint()); }

  /// The next `count` bytes; null when there are fewer.
  const char* Bytes(std::size_t count) {
    if (left() < count) [[unlikely]] {
      ok_ = false;
      return nullptr;
    }
    return std::exchange(next_, next_ + count);
  }

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - next_); }
  [[nodiscard]] const char* end() const { return end_; }

 private:
  const char* next_;
  const char* end_;
  bool ok_ = true;
};

/// An allocator whose vectors leave new elements unset when they grow: a decoder writes each of them anyway.
template <class T>
class UnsetAllocator : public std::allocator<T> {
 public:
  template <class U>
  struct rebind {
    using other = UnsetAllocator<U>;
  };
  using std::allocator<T>::allocator;

  template <class U>
  void construct(U* at) noexcept {
    ::new (static_cast<void*>(at)) U;
  }
  template <class U, class... Args>
  void construct(U* at, Args&&... args) {
    ::new (static_cast<void*>(at)) U(std::forward<Args>(args)...);
  }
};

/// A vector of numbers; resize() leaves new ones unset.
template <class T>
using Column = std::vector<T, UnsetAllocator<T>>;

}  // namespace helios::tsdb
