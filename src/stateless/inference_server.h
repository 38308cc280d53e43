// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "http/server.h"

namespace helios::stateless {

struct ServerOptions {
  http::Endpoint listen{.host = "127.0.0.1", .port = 8080};
  bool behind_proxy = false;  ///< others may reach it: who may do so is decided in front of it
  unsigned workers = 0;       ///< requests computed at a time; 0: one for each processor

  /// Requests that may wait for a worker; more are answered 503. A request holds at most 4 MiB, so this and the
  /// connections bound the memory.
  std::size_t max_waiting = 256;
  std::size_t max_connections = 512;
  std::chrono::milliseconds max_wait{10'000};  ///< a request that waited longer is answered 503
};

/// The HTTP server of `helios-core serve`: the operations of routes.h, and GET /healthz.
///
/// Errors are application/problem+json with a stable code, as everywhere: 404 http.no_such_route, 405
/// http.method_not_allowed, 413 http.body_too_large above 4 MiB (of JSON, also decoded), 503 gateway.overloaded, and
/// those of the operations and of http::Server. Nobody is asked who they are: whoever reaches it may use it.
class InferenceServer {
 public:
  /// Listens and serves. Errors: kUnavailable http.cannot_listen;
  /// kFailedPrecondition stateless.needs_proxy  an address that others can reach, and not behind a proxy
  [[nodiscard]] static Result<std::unique_ptr<InferenceServer>> Start(const ServerOptions& options);

  virtual ~InferenceServer() = default;

  /// The port it listens on, also where 0 was asked.
  [[nodiscard]] virtual std::uint16_t port() const = 0;

  /// Stops accepting, lets requests in progress finish for up to `grace`, then closes. Blocks; idempotent.
  virtual void Stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace helios::stateless
