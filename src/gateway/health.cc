// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "gateway/gateway.h"
#include "obs/log.h"

namespace helios::gateway {

tenancy::Routes HealthRoutes(const std::function<Result<void>()>& ready) {
  return {{.method = http::Method::kGet,
           .pattern = "/healthz",
           .operation = "healthz",
           .max_body_bytes = 0,
           .handler = tenancy::InlineHandler(
               [](const http::Request&, const auto&, const auto& reply) { reply(http::Text(200, "ok\n")); })},
          {.method = http::Method::kGet,
           .pattern = "/readyz",
           .operation = "readyz",
           .max_body_bytes = 0,
           .handler = tenancy::BlockingHandler(
               [ready](const http::Request&, const tenancy::RequestContext&) -> Result<http::Response> {
                 const auto outcome = ready();
                 if (outcome) return http::Text(200, "ready\n");
                 obs::LogFailure("http.not_ready", outcome.error());
                 return http::Text(503, "not ready\n");
               })}};
}

}  // namespace helios::gateway
