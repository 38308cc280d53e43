// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "notify/webhook_sender.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "http/client.h"

namespace helios::notify {
namespace {

constexpr std::size_t kMaxUrlBytes = 2048;
constexpr std::size_t kMaxAnswerBytes = 64U << 10U;
// Together the 15 s of rule 29.
constexpr std::chrono::seconds kConnectTimeout{5};
constexpr std::chrono::seconds kRequestTimeout{10};

std::unexpected<Error> BadUrl(std::string_view why) {
  return Fail(ErrorCode::kInvalidArgument, "notify.bad_url", "cannot use the webhook's url: {}", why);
}

/// The host of "host:port" or "[v6]:port".
std::string HostOf(std::string_view authority) {
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

bool IsRefusedLiteral(const std::string& host, const http::AddressPolicy& policy) {
  std::array<std::uint8_t, 16> bytes{};
  if (inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) return !policy.Allows(std::span(bytes).first(4));
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return !policy.Allows(bytes);
  return false;
}

}  // namespace

Result<WebhookUrl> ParseWebhookUrl(std::string_view url, const http::AddressPolicy& policy) {
  if (url.size() > kMaxUrlBytes)
    return BadUrl(fmt::format("it has {} bytes; want at most {}", url.size(), kMaxUrlBytes));
  const auto strange = [](char c) { return c <= ' ' || c >= 0x7f || c == '\\' || c == '#'; };
  if (std::ranges::any_of(url, strange)) return BadUrl("it holds a space, a fragment, or other than ASCII");
  const std::size_t scheme = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return BadUrl("want http:// or https://");
  const std::size_t path = std::min(url.find_first_of("/?", scheme), url.size());
  const std::string_view authority = url.substr(scheme, path - scheme);
  if (authority.find('@') != std::string_view::npos) return BadUrl("it names a user; leave that out");
  WebhookUrl parsed{.origin = std::string(url.substr(0, path)), .target = std::string(url.substr(path))};
  if (!parsed.target.starts_with('/')) parsed.target.insert(0, "/");
  if (!http::Client::Create(parsed.origin)) return BadUrl("its host or port cannot be read");
  if (IsRefusedLiteral(HostOf(authority), policy)) return BadUrl("its address is not one of the public internet");
  return parsed;
}

AttemptOutcome HttpWebhookSender::Send(const std::string& url, const http::Headers& headers,
                                       const std::string& body) const {
  const auto begin = std::chrono::steady_clock::now();
  AttemptOutcome outcome;
  const auto send = [&]() -> Result<http::ClientResponse> {
    HELIOS_TRY(const WebhookUrl parsed, ParseWebhookUrl(url, policy_));
    http::ClientConfig config;
    config.connect_timeout = kConnectTimeout;
    config.request_timeout = kRequestTimeout;
    config.max_response_bytes = kMaxAnswerBytes;
    config.address_allowed = [this](std::span<const std::uint8_t> address) { return policy_.Allows(address); };
    HELIOS_TRY(const auto client, http::Client::Create(parsed.origin, config));
    return client->Send(http::Method::kPost, parsed.target, headers, body);
  };
  const auto answer = send();
  outcome.latency = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
  if (!answer) {
    outcome.error = answer.error().message;
    return outcome;
  }
  outcome.http_status = answer->status;
  if (answer->status >= 300 && answer->status < 400) {
    outcome.error = "the receiver redirects, which is not followed";
  } else if (answer->status < 200 || answer->status >= 300) {
    outcome.error = fmt::format("the receiver answered {}", answer->status);
  }
  return outcome;
}

}  // namespace helios::notify
