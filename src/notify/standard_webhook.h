// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/time.h"

namespace helios::notify {

/// Signatures of Standard Webhooks 1.0.0 (standardwebhooks.com): a receiver checks them with any of its libraries.

/// "whsec_" and 32 random bytes in base64.
[[nodiscard]] std::string MakeWebhookSecret(Random& random);

/// The header webhook-signature: "v1,BASE64" for each of `secrets`, separated by spaces; several while a secret is
/// rotated. HMAC-SHA256 of "ID.SECONDS.BODY". What is no secret of MakeWebhookSecret()'s form signs nothing.
[[nodiscard]] std::string SignWebhook(const std::vector<std::string>& secrets, std::string_view id, TimestampMs time,
                                      std::string_view body);

}  // namespace helios::notify
