// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/standard_webhook.h"

#include <array>
#include <span>

#include "base/base64.h"
#include "crypto/digest.h"

namespace helios::notify {
namespace {

constexpr std::string_view kPrefix = "whsec_";
constexpr std::size_t kSecretBytes = 32;  // the specification wants 24 to 64

}  // namespace

std::string MakeWebhookSecret(Random& random) {
  std::array<std::uint8_t, kSecretBytes> bytes{};
  random.Fill(bytes);
  return std::string(kPrefix) + ToBase64({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

std::string SignWebhook(const std::vector<std::string>& secrets, std::string_view id, TimestampMs time,
                        std::string_view body) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  const std::string content = fmt::format("{}.{}.{}", id, seconds, body);
  std::string header;
  for (const std::string_view secret : secrets) {
    if (!secret.starts_with(kPrefix)) continue;
    const auto key = FromBase64(secret.substr(kPrefix.size()));
    if (!key) continue;
    const auto digest =
        crypto::HmacSha256(std::span(reinterpret_cast<const std::uint8_t*>(key->data()), key->size()), content);
    if (!header.empty()) header += ' ';
    header += "v1," + ToBase64({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }
  return header;
}

}  // namespace helios::notify
