// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/operator_routes.h"

#include <utility>

#include "gateway/gateway.h"

namespace helios::wiring {

tenancy::Routes OperatorRoutes(const std::function<Result<void>()>& ready, obs::Metrics& metrics,
                               tenancy::Route backup) {
  tenancy::Routes routes = gateway::HealthRoutes(ready);
  routes.push_back({.method = http::Method::kGet,
                    .pattern = "/metrics",
                    .operation = "operatorMetrics",
                    .max_body_bytes = 0,
                    .handler = tenancy::BlockingHandler(
                        [&metrics](const http::Request&, const tenancy::RequestContext&) -> Result<http::Response> {
                          return http::Text(200, metrics.Render(), "text/plain; version=0.0.4");
                        })});
  routes.push_back(std::move(backup));
  return routes;
}

}  // namespace helios::wiring
