// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/custom_model_service.h"

#include <boost/json/array.hpp>

#include <algorithm>

#include "http/json.h"
#include "training/training_job.h"

namespace helios::training {
namespace {

Result<Uuid> CustomModelId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "training.no_such_custom_model",
              "cannot find the custom model '{}': it is not an id", request.PathParameter("id").substr(0, 64));
}

}  // namespace

tenancy::Routes CustomModelService::MakeRoutes() {
  using http::Method;
  using tenancy::Permission;
  const auto route = [this](
                         Method method, std::string pattern, std::string operation, Permission permission,
                         Answer (CustomModelService::*handler)(const http::Request&, const tenancy::RequestContext&)) {
    return tenancy::Route{.method = method,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = permission,
                          .audited = permission == Permission::kTrain,
                          .replay = method == Method::kPost ? tenancy::Replay::kStored : tenancy::Replay::kNone,
                          .handler = tenancy::BlockingHandler(
                              [this, handler](const http::Request& request, const tenancy::RequestContext& context) {
                                return (this->*handler)(request, context);
                              })};
  };
  using Self = CustomModelService;
  return {
      route(Method::kGet, "/api/v1/custom-models", "listCustomModels", Permission::kDataRead, &Self::List),
      route(Method::kPost, "/api/v1/custom-models", "putCustomModel", Permission::kTrain, &Self::Put),
      route(Method::kGet, "/api/v1/custom-models/{id}", "getCustomModel", Permission::kDataRead, &Self::Find),
      route(Method::kDelete, "/api/v1/custom-models/{id}", "deleteCustomModel", Permission::kTrain, &Self::Delete),
  };
}

CustomModelService::Answer CustomModelService::List(const http::Request& request,
                                                    const tenancy::RequestContext& context) {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, needs_.cursors));
  HELIOS_TRY(auto tx, needs_.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto models, ListCustomModels(tx, page));
  boost::json::array data;
  for (std::size_t i = 0; i < std::min(models.size(), page.limit); ++i) data.push_back(ToJson(models[i]));
  boost::json::object body{{"data", std::move(data)}, {"next_cursor", nullptr}};
  if (models.size() > page.limit) {
    body["next_cursor"] = tenancy::NextCursor(request, context.tenant, needs_.cursors, page.offset + page.limit);
  }
  return http::Json(200, body);
}

CustomModelService::Answer CustomModelService::Find(const http::Request& request,
                                                    const tenancy::RequestContext& context) {
  HELIOS_TRY(const Uuid id, CustomModelId(request));
  HELIOS_TRY(auto tx, needs_.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const CustomModel model, FindCustomModel(tx, id));
  return http::Json(200, ToJson(model));
}

Result<std::optional<Uuid>> CustomModelService::QueueTraining(pg::TenantTransaction& tx,
                                                              const tenancy::RequestContext& context,
                                                              const std::string& metric) {
  HELIOS_TRY(const auto found, needs_.samples.FindSeries(context.tenant, {.metric = metric, .matchers = {}}, 1));
  if (found.empty()) return std::nullopt;
  std::optional<Uuid> user;
  if (context.principal->kind == tenancy::Principal::Kind::kSession) user = context.principal->user.value;
  const auto job = TrainingJob({.metric = metric,
                                .cause = TrainingCause{.kind = "custom_model", .detail = "its custom model changed"},
                                .created_by = user});
  HELIOS_TRY(const auto enqueued, needs_.queue.Enqueue(tx, job, context.now));
  return enqueued.id;
}

CustomModelService::Answer CustomModelService::Put(const http::Request& request,
                                                   const tenancy::RequestContext& context) {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  const std::string metric = reader.String("metric", tsdb::kMaxMetricNameBytes);
  if (metric.empty() || metric.starts_with("helios:")) {
    reader.Reject("metric", metric.empty() ? "nothing" : metric, "the name of a metric of your own");
  }
  const CustomModelDefinition definition = ReadDefinition(reader);
  HELIOS_CHECK(reader.Finish());
  HELIOS_CHECK(CheckDefinition(definition));
  HELIOS_TRY(auto tx, needs_.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto put, PutCustomModel(tx, context, needs_.random, needs_.audit, metric, definition));
  HELIOS_TRY(const auto job, QueueTraining(tx, context, metric));
  HELIOS_CHECK(tx.Commit());
  auto answer = ToJson(put.model);
  answer["training_job_id"] = job ? boost::json::value(job->ToString()) : boost::json::value(nullptr);
  return http::Json(put.created ? 201 : 200, answer);
}

CustomModelService::Answer CustomModelService::Delete(const http::Request& request,
                                                      const tenancy::RequestContext& context) {
  HELIOS_TRY(const Uuid id, CustomModelId(request));
  HELIOS_TRY(auto tx, needs_.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const CustomModel model, DeleteCustomModel(tx, context, needs_.audit, id));
  HELIOS_CHECK(QueueTraining(tx, context, model.metric));
  HELIOS_CHECK(tx.Commit());
  return http::NoContent();
}

}  // namespace helios::training
