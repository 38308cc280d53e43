// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>

namespace helios::ml {

/// ln(x) for a normal x > 0, within 1e-11 of it, from additions, multiplications and one division: the C
/// library's may differ in the last bit from processor to processor, and a detector's state must not.
[[nodiscard]] inline double NaturalLog(double x) {
  constexpr double kLn2 = 0.693147180559945309417;
  constexpr double kSqrtHalf = 0.707106781186547524401;
  constexpr std::uint64_t kMantissa = (1ULL << 52) - 1;
  constexpr std::uint64_t kHalf = 1022ULL << 52;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto exponent = static_cast<double>(static_cast<int>(bits >> 52 & 0x7FF) - 1022);
  double m = std::bit_cast<double>((bits & kMantissa) | kHalf);  // in [1/2, 1)
  if (m < kSqrtHalf) {
    m *= 2.0;
    exponent -= 1.0;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), whose argument lies within 0.172.
  const double s = (m - 1.0) / (m + 1.0);
  const double t = s * s;
  const double series =
      1.0 + t * (1.0 / 3 + t * (1.0 / 5 + t * (1.0 / 7 + t * (1.0 / 9 + t * (1.0 / 11 + t * (1.0 / 13))))));
  return exponent * kLn2 + 2.0 * s * series;
}

}  // namespace helios::ml
