// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "http/router.h"
#include "http/server.h"
#include "http/worker_pool.h"
#include "identity/credentials.h"
#include "obs/metrics.h"
#include "pg/database.h"
#include "tenancy/access_log.h"
#include "tenancy/rate_limiter.h"
#include "tenancy/route.h"

namespace helios::gateway {

/// What the gateway works with. All of it outlives the gateway.
struct Environment {
  identity::Credentials& credentials;
  tenancy::RateLimiter& limiter;
  tenancy::AccessLog& access;
  pg::Database& database;
  http::WorkerPool& workers;
  const Clock& clock;
  obs::Metrics& metrics;
  /// A proxy stands in front: the client's address is the last one of X-Forwarded-For, which the proxy wrote.
  bool behind_proxy = false;
};

/// What stands between a socket and a route: it finds the route, turns the credential into a tenant,
/// asks for the permission, counts against the limits, runs the handler where it belongs, and renders,
/// logs and measures the answer.
///
/// The tenant comes from the verified credential alone; no header can name one. Thread-safe.
class Gateway {
 public:
  /// Answers a GET or HEAD that no route took, without a credential; it must not block. nullopt: 404 as ever.
  using Pages = std::function<std::optional<http::Response>(const http::Request&)>;

  Gateway(const Environment& environment, tenancy::Routes routes, Pages pages = {});
  ~Gateway();
  Gateway(const Gateway&) = delete;
  Gateway& operator=(const Gateway&) = delete;

  /// The handler of an http::Server.
  void Handle(std::shared_ptr<http::Request> request, http::Responder responder);

  /// The body limit of an http::Server: the route's own, and that of JSON where there is no route.
  [[nodiscard]] std::size_t BodyLimit(const http::Request& request) const;

 private:
  struct Served;    // a route with its counters
  struct Exchange;  // one request on its way through
  using ExchangePtr = std::shared_ptr<Exchange>;

  [[nodiscard]] std::unique_ptr<Served> MakeServed(tenancy::Route route) const;
  void Authenticate(const ExchangePtr& exchange);
  void Admit(const ExchangePtr& exchange, std::shared_ptr<const tenancy::Principal> principal);
  [[nodiscard]] Result<void> CountAgainstLimits(Exchange& exchange);
  void Dispatch(const ExchangePtr& exchange);
  void Finish(Exchange& exchange, Result<http::Response> answer) const;
  void RecordAccess(const Exchange& exchange, int status) const;

  Environment environment_;
  Pages pages_;
  std::unique_ptr<Served> page_served_;  ///< what pages are counted under
  std::vector<std::unique_ptr<Served>> served_;
  http::Router<const Served*> router_;
};

/// GET /healthz and GET /readyz: without detail, for load balancers. `ready` says whether the
/// process can serve, with the reason where it cannot; it may block.
[[nodiscard]] tenancy::Routes HealthRoutes(const std::function<Result<void>()>& ready);

/// GET /api/v1/openapi.json: the contract, as the build embedded it.
[[nodiscard]] tenancy::Routes OpenApiRoutes();

}  // namespace helios::gateway
