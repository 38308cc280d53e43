// SPDX-License-Identifier: Apache-2.0
#include "http/internal/request_id.h"

#include <algorithm>
#include <bit>

#include "base/random.h"
#include "base/time.h"

namespace helios::http::internal {

RequestIds::RequestIds() {
  std::array<std::uint8_t, sizeof(state_)> seed{};
  SystemRandom().Fill(seed);
  state_ = std::bit_cast<decltype(state_)>(seed);
  state_[0] |= 1;  // all zeros would stay zeros
}

// xoroshiro128+: a call to the kernel for each request would cost more than the rest of the id.
// Source: Blackman & Vigna, "Scrambled linear pseudorandom number generators", 2018.
std::uint64_t RequestIds::Random() {
  const std::uint64_t first = state_[0];
  std::uint64_t second = state_[1];
  const std::uint64_t sum = first + second;
  second ^= first;
  state_[0] = std::rotl(first, 24) ^ second ^ (second << 16U);
  state_[1] = std::rotl(second, 37);
  return sum;
}

std::string RequestIds::Next() {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  const auto ms = static_cast<std::uint64_t>(ToUnixMs(SystemClock().Now()));
  const std::uint64_t high = (ms << 16U) | 0x7000U | (Random() >> 52U);
  const std::uint64_t low = 0x8000'0000'0000'0000U | (Random() >> 2U);
  std::string id(36, '-');
  const auto put = [&id](std::size_t at, std::uint64_t bits, unsigned digits) {
    while (digits-- > 0) {
      id[at + digits] = kDigits[bits & 0xfU];
      bits >>= 4U;
    }
  };
  put(0, high >> 32U, 8);
  put(9, high >> 16U, 4);
  put(14, high, 4);
  put(19, low >> 48U, 4);
  put(24, low, 12);
  return id;
}

bool IsRequestId(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
  };
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), allowed);
}

}  // namespace helios::http::internal
