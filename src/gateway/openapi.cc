// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "gateway/gateway.h"
#include "gateway/openapi_document.h"

namespace helios::gateway {

tenancy::Routes OpenApiRoutes() {
  return {{.method = http::Method::kGet,
           .pattern = "/api/v1/openapi.json",
           .operation = "getOpenApi",
           .max_body_bytes = 0,
           .handler = tenancy::InlineHandler([](const http::Request&, const auto&, const auto& reply) {
             reply(http::JsonText(200, std::string(OpenApiDocument().front().bytes)));
           })}};
}

}  // namespace helios::gateway
