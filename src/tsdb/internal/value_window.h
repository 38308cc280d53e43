// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace helios::tsdb {

// How numbers fit a window of a block (integers.h).

/// The bits of a packed number that go through zstd; those below are as good as noise.
inline constexpr unsigned kTopBits = 8;

/// The range that a window packs.
struct WindowFit {
  std::int64_t base = 0;        ///< least number within
  std::int64_t top = 0;         ///< largest number within
  std::uint64_t differing = 0;  ///< bits in which a number within differs from the base
  std::size_t outliers = 0;     ///< numbers outside, which are written apart

  [[nodiscard]] bool Holds(std::int64_t number) const { return number >= base && number <= top; }
  /// Bits of a packed number when they are divided by odd << shift.
  [[nodiscard]] unsigned Width(unsigned shift, std::uint64_t odd) const;
};

/// Fits 1 or more numbers; leaves out up to eight on either side where that is cheaper.
[[nodiscard]] WindowFit FitWindow(std::span<const std::int64_t> numbers);

/// What windows of numbers would take, about: the entropy of their top bits, and all bits below.
class TopCosts {
 public:
  void Add(std::span<const std::int64_t> window);
  [[nodiscard]] std::size_t Bits() const;

 private:
  std::array<std::uint32_t, 256> seen_{};
  std::size_t numbers_ = 0;
  std::size_t bits_ = 0;
};

/// Bits that it takes to say which `chosen` of `all` were chosen, when each is as likely.
[[nodiscard]] std::size_t BinaryEntropyBits(std::size_t chosen, std::size_t all);

}  // namespace helios::tsdb
