// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace helios::ml {

/// A part of a detector's state names its fields once, in `template <class F> void Fields(F& f)`, as
/// f(a, b, c). Writing, reading and measuring are then three visitors, and no padding is ever stored.
/// Numbers are little-endian; of floating-point numbers only finite ones are read.
static_assert(std::endian::native == std::endian::little, "the fields are copied as they lie in memory");

class FieldSize {
 public:
  template <class... T>
  constexpr void operator()(T&... fields) {
    bytes_ += (sizeof(fields) + ... + 0);
  }
  [[nodiscard]] constexpr std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_ = 0;
};

class FieldWriter {
 public:
  explicit FieldWriter(std::byte* to) : to_(to) {}

  template <class... T>
  void operator()(T&... fields) {
    (Write(fields), ...);
  }

 private:
  template <class T>
  void Write(const T& field) {
    std::memcpy(to_, &field, sizeof(field));
    to_ += sizeof(field);
  }

  std::byte* to_;
};

class FieldReader {
 public:
  explicit FieldReader(const std::byte* from) : from_(from) {}

  template <class... T>
  void operator()(T&... fields) {
    (Read(fields), ...);
  }

  [[nodiscard]] bool finite() const { return finite_; }

 private:
  template <class T>
  void Read(T& field) {
    std::memcpy(&field, from_, sizeof(field));
    from_ += sizeof(field);
    Check(field);
  }

  template <class T>
  void Check(const T& field) {
    if constexpr (std::floating_point<T>) finite_ = finite_ && std::isfinite(field);
  }

  template <class T, std::size_t N>
  void Check(const std::array<T, N>& fields) {
    for (const auto& field : fields) Check(field);
  }

  const std::byte* from_;
  bool finite_ = true;
};

}  // namespace helios::ml
