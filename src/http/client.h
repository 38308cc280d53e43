// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"

namespace helios::http {

struct ClientConfig {
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds request_timeout{30'000};  ///< from the first byte sent to the last received
  std::size_t max_response_bytes = 64U << 20U;
  std::filesystem::path ca_file;  ///< PEM of the authorities to trust; empty: the system's
  /// Which addresses of a name may be connected to, given as 4 or 16 bytes; empty: all of them. Asked with the very
  /// addresses that are used: a name is resolved once for each connection. See address_policy.h.
  std::function<bool(std::span<const std::uint8_t> address)> address_allowed = {};
};

struct ClientResponse {
  int status = 0;
  Headers headers;
  std::string body;
};

/// A blocking HTTP/1.1 client that keeps one connection to one origin open between requests.
///
/// Resolves names with c-ares, so that it also works in a fully static program. Follows no redirect.
/// Verifies certificates and host names. Not thread-safe: one client a thread.
class Client {
 public:
  /// `origin` is "http://host:port" or "https://host"; a path in it is put before every target.
  /// Errors: kInvalidArgument http.bad_url.
  [[nodiscard]] static Result<std::unique_ptr<Client>> Create(std::string_view origin, ClientConfig config = {});

  virtual ~Client() = default;

  /// Sends one request. A kept connection that the server closed meanwhile is opened again once.
  /// Errors, nothing of the answer known: kUnavailable http.cannot_resolve, http.cannot_connect,
  /// http.tls_failed, http.connection_lost; kPermissionDenied http.address_refused, by address_allowed;
  /// kDeadlineExceeded http.timeout; kTooLarge http.response_too_large.
  [[nodiscard]] virtual Result<ClientResponse> Send(Method method, std::string_view target, const Headers& headers,
                                                    std::string_view body) = 0;
};

}  // namespace helios::http
