// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/time.h"

namespace helios::ml {

/// A class names what an artifact keeps of it once, in `template <class Self, class F> static void Fields(Self&, F&
/// f)`, as f(a, b, c); StateWriter and StateReader are the two visitors, and friends of the class. How each type is
/// written is told in docs/formats/model-artifact.md; there is no padding.
static_assert(std::endian::native == std::endian::little, "numbers are copied as they lie in memory");

/// What of a double may be read: infinities and NaN only where Any() says that they have a meaning.
template <class T>
struct AnyNumber {
  T& value;
};
template <class T>
AnyNumber<T> Any(T& value) {
  return {value};
}

/// All bytes of a size, which otherwise is a varint.
template <class T>
struct FixedNumber {
  T& value;
};
template <class T>
FixedNumber<T> Fixed(T& value) {
  return {value};
}

/// Appends fields to bytes.
class StateWriter {
 public:
  template <class... T>
  void operator()(const T&... fields) {
    (Write(fields), ...);
  }

  [[nodiscard]] std::string Take() { return std::move(bytes_); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  template <class T>
  void Write(const T& field) {
    if constexpr (std::same_as<T, bool> || std::is_enum_v<T>) {
      WriteRaw(static_cast<std::uint8_t>(field));
    } else if constexpr (std::same_as<T, std::size_t>) {
      std::uint64_t rest = field;
      for (; rest >= 0x80; rest >>= 7U) bytes_ += static_cast<char>((rest & 0x7fU) | 0x80U);
      bytes_ += static_cast<char>(rest);
    } else if constexpr (std::is_arithmetic_v<T>) {
      WriteRaw(field);
    } else {
      T::Fields(field, *this);
    }
  }
  template <class T>
  void Write(const AnyNumber<T>& any) {
    Write(any.value);
  }
  template <class T>
  void Write(const FixedNumber<T>& fixed) {
    WriteRaw(fixed.value);
  }
  void Write(const std::chrono::milliseconds& field) { WriteRaw(std::int64_t{field.count()}); }
  void Write(const std::chrono::seconds& field) { WriteRaw(std::int64_t{field.count()}); }
  void Write(const TimestampMs& field) { WriteRaw(ToUnixMs(field)); }
  void Write(const std::string& field) {
    Write(field.size());
    bytes_ += field;
  }
  template <class T>
  void Write(const std::optional<T>& field) {
    Write(field.has_value());
    if (field) Write(*field);
  }
  template <class T, std::size_t N>
  void Write(const std::array<T, N>& fields) {
    for (const auto& field : fields) Write(field);
  }
  template <class T>
  void Write(const std::vector<T>& fields) {
    Write(fields.size());
    for (const auto& field : fields) Write(field);
  }

  template <class T>
  void WriteRaw(const T& field) {
    const auto raw = std::bit_cast<std::array<char, sizeof(T)>>(field);
    bytes_.append(raw.data(), raw.size());
  }

  std::string bytes_;
};

/// Reads fields off the front of bytes, which may be anything: what is not there or is no number makes ok() false for
/// good and leaves zeros. A vector never claims more memory than a small multiple of the bytes that are left.
class StateReader {
 public:
  explicit StateReader(std::string_view bytes) : bytes_(bytes) {}

  template <class... T>
  void operator()(T&&... fields) {
    (Read(fields), ...);
  }

  /// An object to be read into, of a class that lets its friends alone make an empty one; and whether it can be one.
  template <class T>
  [[nodiscard]] static T Empty() {
    return {};
  }
  template <class T>
  [[nodiscard]] static bool IsValid(const T& read) {
    return read.Valid();
  }

  [[nodiscard]] bool ok() const { return ok_; }
  /// What was not read yet.
  [[nodiscard]] std::string_view rest() const { return bytes_; }
  /// ok(), and nothing is left.
  [[nodiscard]] bool done() const { return ok_ && bytes_.empty(); }

 private:
  template <class T>
  void Read(T& field) {
    if constexpr (std::same_as<T, bool>) {
      std::uint8_t raw = 0;
      ReadRaw(raw);
      ok_ = ok_ && raw <= 1;
      field = ok_ && raw == 1;
    } else if constexpr (std::is_enum_v<T>) {
      std::uint8_t raw = 0;
      ReadRaw(raw);
      field = static_cast<T>(raw);  // whether there is such a value is its class's to say
    } else if constexpr (std::same_as<T, std::size_t>) {
      field = ReadVarint();
    } else if constexpr (std::is_arithmetic_v<T>) {
      ReadRaw(field);
      if constexpr (std::floating_point<T>) {
        if (!std::isfinite(field)) Fail(field);
      }
    } else {
      T::Fields(field, *this);
    }
  }
  template <class T>
  void Read(AnyNumber<T>& any) {
    if constexpr (std::is_arithmetic_v<T>) {
      ReadRaw(any.value);
    } else {
      ReadEach(any.value, [&](auto& element) { ReadRaw(element); });
    }
  }
  template <class T>
  void Read(FixedNumber<T>& fixed) {
    ReadRaw(fixed.value);
  }
  void Read(std::chrono::milliseconds& field) {
    std::int64_t count = 0;
    ReadRaw(count);
    field = std::chrono::milliseconds{count};
  }
  void Read(std::chrono::seconds& field) {
    std::int64_t count = 0;
    ReadRaw(count);
    field = std::chrono::seconds{count};
  }
  void Read(TimestampMs& field) {
    std::int64_t count = 0;
    ReadRaw(count);
    field = FromUnixMs(count);
  }
  void Read(std::string& field) {
    std::string_view text;
    Read(text);
    field = text;
  }
  /// A view of the bytes that are read.
  void Read(std::string_view& field) {
    const std::size_t size = ReadVarint();
    if (size > bytes_.size()) ok_ = false;
    if (!ok_) return;
    field = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
  }
  template <class T>
  void Read(std::optional<T>& field) {
    bool there = false;
    Read(there);
    field.reset();
    if (there) Read(field.emplace());
  }
  template <class T, std::size_t N>
  void Read(std::array<T, N>& fields) {
    for (auto& field : fields) Read(field);
  }
  template <class T>
  void Read(std::vector<T>& fields) {
    ReadEach(fields, [&](T& field) { Read(field); });
  }

  template <class T, class Take>
  void ReadEach(std::vector<T>& fields, Take take) {
    const std::size_t size = ReadVarint();
    // Each element is one byte at least, and a number all of its bytes.
    const std::size_t least = std::is_floating_point_v<T> ? sizeof(T) : 1;
    if (size > bytes_.size() / least) ok_ = false;
    fields.clear();
    for (std::size_t i = 0; ok_ && i < size; ++i) take(fields.emplace_back());
  }

  std::size_t ReadVarint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t byte = 0;
      ReadRaw(byte);
      if (!ok_) return 0;
      if (shift == 63 && byte > 1) break;
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }

  template <class T>
  void ReadRaw(T& field) {
    if (!ok_ || bytes_.size() < sizeof(T)) {
      Fail(field);
      return;
    }
    std::memcpy(&field, bytes_.data(), sizeof(T));
    bytes_.remove_prefix(sizeof(T));
  }
  template <class T>
  void Fail(T& field) {
    field = T{};
    ok_ = false;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace helios::ml
