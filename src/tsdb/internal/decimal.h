// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace helios::tsdb {

// Values as integers: most metrics are decimals of few digits, and 0.1 + 0.2 apart from its neighbours as bits is not
// far from them as tenths. A value is the integer divided by a power of ten. Division rounds correctly, so it gives
// back every double that is the nearest one to a decimal of up to 15 digits; multiplication by 0.1 would not.

/// 10^22 is the last power of ten that a double holds exactly.
inline constexpr unsigned kMaxExponent = 22;

/// Integers of decimals lie in [-2^51, 2^51), where adding 1.5 * 2^52 turns them into doubles and back.
inline constexpr std::int64_t kDecimalLimit = 1LL << 51;

/// Sets x[i] so that values[i] is x[i] / 10^exponent, bit for bit, and returns true; or returns false, with some x
/// unset or wrong, when a value has no such integer: it has more digits, is -0, NaN or infinite.
[[nodiscard]] bool ToDecimals(std::span<const double> values, unsigned exponent, std::int64_t* x);

/// One value; false when there is no such integer.
[[nodiscard]] bool ToDecimal(double value, unsigned exponent, std::int64_t& x);

/// The smallest exponent at which `value` has an integer; kMaxExponent + 1 when there is none. Starts at `least`.
[[nodiscard]] unsigned SmallestExponent(double value, unsigned least);

/// The exponent at which digits and values that have no integer together cost least; none when more than one value in
/// eight has no integer at any.
[[nodiscard]] std::optional<unsigned> ChooseExponent(std::span<const double> values);

/// values[i] = x[i] / 10^exponent. Any x gives some double; those of ToDecimals give theirs. exponent <= kMaxExponent.
void FromDecimals(const std::uint64_t* x, std::size_t count, unsigned exponent, double* values);

/// The bits of a double as an integer that grows with the value, and back. Every double has one.
[[nodiscard]] std::int64_t ToOrdered(double value);
void ToOrdered(std::span<const double> values, std::int64_t* x);
void FromOrdered(const std::uint64_t* x, std::size_t count, double* values);

}  // namespace helios::tsdb
