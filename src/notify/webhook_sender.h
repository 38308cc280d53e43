// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "http/address_policy.h"
#include "http/request.h"

namespace helios::notify {

/// Where a webhook goes, taken apart.
struct WebhookUrl {
  std::string origin;  ///< "https://example.com:8443"
  std::string target;  ///< "/hooks?team=a"
};

/// http:// or https://, at most 2048 bytes, without user, password or fragment; a host that is an address must be one
/// that `policy` allows. Errors: kInvalidArgument notify.bad_url.
[[nodiscard]] Result<WebhookUrl> ParseWebhookUrl(std::string_view url, const http::AddressPolicy& policy);

/// What one attempt came to.
struct AttemptOutcome {
  std::optional<int> http_status;  ///< none where no answer came
  std::chrono::milliseconds latency{0};
  std::string error;  ///< in words; empty where the receiver took it (any 2xx)
};

/// Sends one POST to a customer's URL. Thread-safe.
class WebhookSender {
 public:
  virtual ~WebhookSender() = default;
  [[nodiscard]] virtual AttemptOutcome Send(const std::string& url, const http::Headers& headers,
                                            const std::string& body) const = 0;
};

/// Over HTTP, as DESIGN rule 29 wants: the name is resolved once and the connection goes to an address so found, only
/// to one that the policy allows; no redirect is followed (a 3xx is a failure); 15 s and 64 KiB of answer at most.
class HttpWebhookSender final : public WebhookSender {
 public:
  explicit HttpWebhookSender(http::AddressPolicy policy) : policy_(std::move(policy)) {}

  [[nodiscard]] AttemptOutcome Send(const std::string& url, const http::Headers& headers,
                                    const std::string& body) const override;

 private:
  http::AddressPolicy policy_;
};

}  // namespace helios::notify
