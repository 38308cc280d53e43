// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/predictions_service.h"

#include "predictions/prediction_json.h"
#include "predictions/prediction_rows.h"
#include "tenancy/page_answer.h"

namespace helios::predictions {
namespace {

std::unexpected<Error> BadParameter(std::string_view name, std::string_view got, std::string_view want) {
  return Fail(ErrorCode::kInvalidArgument, "http.bad_parameter", "cannot list predictions: {} is '{}'; want {}", name,
              got.substr(0, 100), want);
}

Result<std::optional<TimestampMs>> TimeParameter(const http::Request& request, std::string_view name) {
  const auto value = request.Query(name);
  if (!value) return std::nullopt;
  const auto time = ParseRfc3339(*value);
  if (!time) return BadParameter(name, *value, "a time such as 2026-01-03T12:00:00Z");
  return *time;
}

Result<PredictionFilter> ParseFilter(const http::Request& request) {
  PredictionFilter filter;
  if (const auto metric = request.Query("metric")) filter.metric = std::string(*metric);
  if (const auto state = request.Query("state")) {
    if (*state != "waiting" && *state != "met" && *state != "missed") {
      return BadParameter("state", *state, "waiting, met or missed");
    }
    filter.state = std::string(*state);
  }
  HELIOS_TRY(filter.first, TimeParameter(request, "start"));
  HELIOS_TRY(filter.last, TimeParameter(request, "end"));
  return filter;
}

}  // namespace

tenancy::Routes PredictionsService::MakeRoutes() const {
  return {{.method = http::Method::kGet,
           .pattern = "/api/v1/predictions",
           .operation = "listPredictions",
           .permission = tenancy::Permission::kDataRead,
           .handler =
               tenancy::BlockingHandler([this](const http::Request& request, const tenancy::RequestContext& context) {
                 return List(request, context);
               })}};
}

Result<http::Response> PredictionsService::List(const http::Request& request,
                                                const tenancy::RequestContext& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"metric", "state", "start", "end", "limit", "cursor"}));
  HELIOS_TRY(const PredictionFilter filter, ParseFilter(request));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto predictions, ListPredictions(database_, context, filter, page));
  return tenancy::PageAnswer(predictions, page, request, context.tenant, cursors_);
}

}  // namespace helios::predictions
