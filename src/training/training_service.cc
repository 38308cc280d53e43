// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/training_service.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>

#include "http/json.h"

namespace helios::training {
namespace {

boost::json::object ToJson(const Model& model) {
  return {{"id", model.id.ToString()},
          {"name", model.name},
          {"model_type", model.model_type},
          {"target_metric", model.target_metric},
          {"version", model.version},
          {"status", model.status},
          {"metrics", boost::json::parse(model.metrics)},
          {"trained_at", FormatRfc3339(model.trained_at)},
          {"created_at", FormatRfc3339(model.created_at)}};
}

}  // namespace

tenancy::Routes TrainingService::MakeRoutes() {
  const auto route = [this](std::string pattern, std::string operation, auto method) {
    return tenancy::Route{.method = http::Method::kGet,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = tenancy::Permission::kDataRead,
                          .handler = tenancy::BlockingHandler(
                              [this, method](const http::Request& request, const tenancy::RequestContext& context) {
                                return (this->*method)(request, context);
                              })};
  };
  return {route("/api/v1/models", "listModels", &TrainingService::List),
          route("/api/v1/models/{id}", "getModel", &TrainingService::Find)};
}

Result<http::Response> TrainingService::List(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto models, registry_.List(context, page));
  boost::json::array data;
  for (std::size_t i = 0; i < std::min(models.size(), page.limit); ++i) data.push_back(ToJson(models[i]));
  boost::json::object body{{"data", std::move(data)}, {"next_cursor", nullptr}};
  if (models.size() > page.limit) {
    body["next_cursor"] = tenancy::NextCursor(request, context.tenant, cursors_, page.offset + page.limit);
  }
  return http::Json(200, body);
}

Result<http::Response> TrainingService::Find(const http::Request& request, const tenancy::RequestContext& context) {
  const auto id = Uuid::Parse(request.PathParameter("id"));
  if (!id) {
    return Fail(ErrorCode::kNotFound, "training.no_such_model", "cannot find the model '{}': it is not an id",
                request.PathParameter("id").substr(0, 64));
  }
  HELIOS_TRY(const Model model, registry_.Find(context, *id));
  return http::Json(200, ToJson(model));
}

}  // namespace helios::training
