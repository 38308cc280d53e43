// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "crypto/token.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "crypto/digest.h"

namespace helios::crypto {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kPrefix = "hlx_";
constexpr std::size_t kSecretDigits = 43;
constexpr std::size_t kChecksumDigits = 6;

std::string Checksum(std::string_view text) {
  const Digest256 digest = Sha256(text);
  return ToBase62(std::span(digest).first(4));
}

}  // namespace

std::string ToBase62(std::span<const std::uint8_t> bytes) {
  const auto width = static_cast<std::size_t>(std::ceil(static_cast<double>(bytes.size()) * 8 / std::log2(62.0)));
  std::vector<std::uint8_t> number(bytes.begin(), bytes.end());
  std::string digits(width, kAlphabet[0]);
  for (std::size_t i = width; i-- > 0;) {
    unsigned remainder = 0;
    for (std::uint8_t& byte : number) {
      const unsigned value = remainder << 8U | byte;
      byte = static_cast<std::uint8_t>(value / 62);
      remainder = value % 62;
    }
    digits[i] = kAlphabet[remainder];
  }
  return digits;
}

std::string MakeToken(Random& random) {
  std::array<std::uint8_t, 32> secret{};
  random.Fill(secret);
  return ToBase62(secret);
}

std::string MakeApiKey(Random& random) {
  std::string key = std::string(kPrefix) + MakeToken(random);
  key += Checksum(key);
  return key;
}

bool LooksLikeApiKey(std::string_view key) {
  if (key.size() != kPrefix.size() + kSecretDigits + kChecksumDigits || !key.starts_with(kPrefix)) return false;
  const std::string_view body = key.substr(0, key.size() - kChecksumDigits);
  return Checksum(body) == key.substr(body.size());
}

}  // namespace helios::crypto
