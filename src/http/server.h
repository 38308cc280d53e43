// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/request.h"
#include "http/response.h"
#include "obs/metrics.h"

namespace helios::http {

/// Where a server listens: "127.0.0.1:8080", "[::1]:8080", ":8080" (every address), port 0 for a free one.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};

/// Errors: kInvalidArgument http.bad_listen.
[[nodiscard]] Result<Endpoint> ParseEndpoint(std::string_view text);

/// Whether an address of this kind can be reached from this machine alone: 127.0.0.0/8, ::1 or localhost.
[[nodiscard]] bool IsLoopback(std::string_view host);

struct TlsConfig {
  std::filesystem::path certificate_file;  ///< PEM, leaf first
  std::filesystem::path key_file;          ///< PEM
};

struct ServerConfig {
  Endpoint listen{};
  std::optional<TlsConfig> tls = std::nullopt;  ///< TLS 1.3 alone
  unsigned threads = 2;                         ///< each runs an event loop
  std::size_t max_connections = 10'000;

  std::size_t max_header_bytes = 16U << 10U;  ///< 431 above
  std::size_t max_header_fields = 64;         ///< 431 above
  std::size_t max_body_bytes = 16U << 20U;    ///< 413 above, where `body_limit` names none

  std::chrono::milliseconds header_timeout{10'000};  ///< from the first byte of a request; 408
  std::chrono::milliseconds body_timeout{30'000};    ///< the whole body; 408
  std::size_t min_body_bytes_per_second = 1024;      ///< slower than this after `body_rate_grace`: 408
  std::chrono::milliseconds body_rate_grace{5'000};
  std::chrono::milliseconds idle_timeout{60'000};  ///< between requests, and for a reader to take some bytes
};

/// The handler of every request. Runs on an I/O thread and must not block: it answers at once, or hands
/// the responder on. May be called from several threads at a time.
using ServerHandler = std::function<void(std::shared_ptr<Request>, Responder)>;

/// The most bytes of body that a request may carry, asked with its method, path and headers before the
/// body is read (and before "100 Continue" is sent).
using BodyLimit = std::function<std::size_t(const Request&)>;

/// An HTTP/1.1 server: keep-alive, pipelining (answers leave in order), chunked bodies, Expect,
/// HEAD, gzip of text answers above 1 KiB where the client accepts it, TLS 1.3.
///
/// Refuses by itself, with application/problem+json, and closes then: 400 malformed, 408 too slow, 413,
/// 417, 431, 501, 505, and 503 above `max_connections` (with TLS: closes without a word). A path's broken
/// escapes are 400 too. Every answer carries X-Request-Id. A handler that throws is logged and answers 500.
///
/// One request of a connection is with the handler at a time: pipelined ones wait in the socket.
///
/// Metrics: helios_http_connections, helios_http_requests_total{class="2xx"…}.
class Server {
 public:
  /// Listens, and serves from its own threads once Start() was called.
  /// Errors: kUnavailable http.cannot_listen (address in use, not allowed); kInvalidArgument http.bad_tls.
  [[nodiscard]] static Result<std::unique_ptr<Server>> Listen(ServerConfig config, obs::Metrics& metrics);

  virtual ~Server() = default;

  virtual void Start(ServerHandler handler, BodyLimit body_limit) = 0;

  /// The port it listens on, also where 0 was asked.
  [[nodiscard]] virtual std::uint16_t port() const = 0;

  /// Stops accepting, lets requests in progress finish for up to `grace`, then closes. Blocks; idempotent.
  virtual void Stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace helios::http
