// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

namespace helios::agent {

template <std::unsigned_integral Number>
void AppendLittleEndian(std::string& out, Number number) {
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    out += static_cast<char>(static_cast<std::uint8_t>(number >> (8 * i)));
  }
}

/// The number at the front of `bytes`. Requires bytes.size() >= sizeof(Number).
template <std::unsigned_integral Number>
Number LittleEndian(std::string_view bytes) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    number |= static_cast<Number>(static_cast<std::uint8_t>(bytes[i])) << (8 * i);
  }
  return number;
}

}  // namespace helios::agent
