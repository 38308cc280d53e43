// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"

#include "base/hex.h"

namespace helios {

std::string Uuid::ToString() const {
  const std::string hex = ToHex(bytes);
  return fmt::format("{}-{}-{}-{}-{}", std::string_view(hex).substr(0, 8), std::string_view(hex).substr(8, 4),
                     std::string_view(hex).substr(12, 4), std::string_view(hex).substr(16, 4),
                     std::string_view(hex).substr(20));
}

std::optional<Uuid> Uuid::Parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string digits;
  digits.reserve(32);
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (text[i] == '-')) return std::nullopt;
    if (!dash) digits += text[i];
  }
  Uuid uuid;
  if (!FromHex(digits, uuid.bytes)) return std::nullopt;
  return uuid;
}

Uuid Uuid::V7(TimestampMs now, Random& random) {
  Uuid uuid;
  random.Fill(uuid.bytes);
  const auto ms = static_cast<std::uint64_t>(ToUnixMs(now));
  for (unsigned i = 0; i < 6; ++i) uuid.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x70);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

}  // namespace helios
