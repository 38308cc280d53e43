// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "tsdb/internal/varint.h"

namespace helios::tsdb {

// The journal's numbers: little endian, and varints.
static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in memory");

template <class T>
[[nodiscard]] T LoadLittle(const char* at) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value{};
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// Requires as many bytes as T has.
template <class T>
[[nodiscard]] T LoadLittle(std::string_view bytes) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value{};
  bytes.copy(reinterpret_cast<char*>(&value), sizeof value);
  return value;
}

template <class T>
void StoreLittle(char* at, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  std::memcpy(at, &value, sizeof value);
}

/// Takes numbers off the front of bytes that may be anything; after a failure it stays failed.
class ByteCursor {
 public:
  explicit ByteCursor(std::string_view bytes) : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  [[nodiscard]] std::string_view rest() const { return {at_, left()}; }
  /// All bytes were taken, and none was missing.
  [[nodiscard]] bool Finished() const { return !failed_ && at_ == end_; }

  /// 0 after a failure: too few bytes, or a varint that does not fit 64 bits.
  [[nodiscard]] std::uint64_t Varint() {
    if (at_ != end_ && static_cast<std::uint8_t>(*at_) < 0x80) return static_cast<std::uint8_t>(*at_++);
    return LongVarint();
  }

  /// As Varint(), and a failure above `max`.
  [[nodiscard]] std::uint64_t VarintUpTo(std::uint64_t max) {
    const std::uint64_t value = Varint();
    if (value <= max) return value;
    failed_ = true;
    return 0;
  }

  template <class T>
  [[nodiscard]] T Fixed() {
    const std::string_view bytes = Bytes(sizeof(T));
    return failed_ ? T{} : LoadLittle<T>(bytes);
  }

  /// Empty after a failure.
  [[nodiscard]] std::string_view Bytes(std::uint64_t count) {
    if (failed_ || count > left()) {
      failed_ = true;
      return {};
    }
    const std::string_view taken(at_, static_cast<std::size_t>(count));
    at_ += count;
    return taken;
  }

 private:
  std::uint64_t LongVarint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && at_ != end_; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(*at_++);
      if (shift == 63 && byte > 1) break;
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return value;
    }
    failed_ = true;
    at_ = end_;
    return 0;
  }

  const char* at_;
  const char* end_;
  bool failed_ = false;
};

}  // namespace helios::tsdb
