// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/decimal.h"

#include <array>
#include <bit>

namespace helios::tsdb {
namespace {

constexpr double kPowers[kMaxExponent + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                              1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

// A value that is written as its bits takes them and its position. Where more than one in kExceptionShare is, integers
// of all the floats' bits are smaller.
constexpr std::size_t kExceptionBits = 80;
constexpr std::size_t kExceptionShare = 8;

// A double from 2^52 to 2^53 has its integer part in its low bits: adding this rounds to an integer, and the bits of
// the sum less these bits are that integer. Unlike a conversion instruction it works on vectors of any x86-64.
constexpr double kAnchor = 6755399441055744.0;  // 1.5 * 2^52
constexpr std::uint64_t kAnchorBits = std::bit_cast<std::uint64_t>(kAnchor);

// Not 0 when `value` is not x / power. A sum outside [2^52, 2^53) has another exponent in its top twelve bits.
inline std::uint64_t Convert(double value, double power, std::int64_t& x) {
  const double anchored = value * power + kAnchor;
  const auto bits = std::bit_cast<std::uint64_t>(anchored);
  x = static_cast<std::int64_t>(bits - kAnchorBits);
  const double back = (anchored - kAnchor) / power;
  return ((bits ^ kAnchorBits) >> 52U) | (std::bit_cast<std::uint64_t>(back) ^ std::bit_cast<std::uint64_t>(value));
}

inline std::uint64_t Order(std::uint64_t bits) {
  return bits ^ (static_cast<std::uint64_t>(-(bits >> 63U)) >> 1U);
}

}  // namespace

bool ToDecimals(std::span<const double> values, unsigned exponent, std::int64_t* x) {
  const double power = kPowers[exponent];
  std::uint64_t wrong = 0;
  if (exponent == 0) {
    for (std::size_t i = 0; i < values.size(); ++i) wrong |= Convert(values[i], 1.0, x[i]);
  } else {
    for (std::size_t i = 0; i < values.size(); ++i) wrong |= Convert(values[i], power, x[i]);
  }
  return wrong == 0;
}

bool ToDecimal(double value, unsigned exponent, std::int64_t& x) {
  return Convert(value, kPowers[exponent], x) == 0;
}

unsigned SmallestExponent(double value, unsigned least) {
  std::int64_t x = 0;
  for (unsigned exponent = least; exponent <= kMaxExponent; ++exponent) {
    if (ToDecimal(value, exponent, x)) return exponent;
    // Each further digit makes the integer ten times larger.
    if (!(value * kPowers[exponent] < static_cast<double>(kDecimalLimit) &&
          value * kPowers[exponent] > -static_cast<double>(kDecimalLimit))) {
      break;
    }
  }
  return kMaxExponent + 1;
}

std::optional<unsigned> ChooseExponent(std::span<const double> values) {
  std::array<std::size_t, kMaxExponent + 2> needing{};
  unsigned last = 0;
  for (const double value : values) {
    // Neighbours mostly need the same exponent, and what is exact at one is so at the larger ones.
    std::int64_t x = 0;
    const bool fewer = last > kMaxExponent || (last > 0 && ToDecimal(value, last - 1, x));
    last = SmallestExponent(value, fewer ? 0 : last);
    ++needing[last];
  }
  std::optional<unsigned> best;
  std::size_t best_bits = 0;
  std::size_t beyond = values.size();
  for (unsigned exponent = 0; exponent <= kMaxExponent; ++exponent) {
    beyond -= needing[exponent];
    const std::size_t bits = beyond * kExceptionBits + (values.size() - beyond) * exponent * 10 / 3;
    if (beyond * kExceptionShare <= values.size() && (!best || bits < best_bits)) {
      best = exponent;
      best_bits = bits;
    }
  }
  return best;
}

void FromDecimals(const std::uint64_t* x, std::size_t count, unsigned exponent, double* values) {
  if (exponent == 0) {
    for (std::size_t i = 0; i < count; ++i) values[i] = std::bit_cast<double>(x[i] + kAnchorBits) - kAnchor;
    return;
  }
  const double power = kPowers[exponent];
  for (std::size_t i = 0; i < count; ++i) values[i] = (std::bit_cast<double>(x[i] + kAnchorBits) - kAnchor) / power;
}

std::int64_t ToOrdered(double value) {
  return static_cast<std::int64_t>(Order(std::bit_cast<std::uint64_t>(value)));
}

void ToOrdered(std::span<const double> values, std::int64_t* x) {
  for (std::size_t i = 0; i < values.size(); ++i) x[i] = ToOrdered(values[i]);
}

void FromOrdered(const std::uint64_t* x, std::size_t count, double* values) {
  for (std::size_t i = 0; i < count; ++i) values[i] = std::bit_cast<double>(Order(x[i]));
}

}  // namespace helios::tsdb
