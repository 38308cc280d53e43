// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/training_service.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

#include "http/json.h"
#include "jobs/job_json.h"
#include "tenancy/page_answer.h"
#include "training/train_nightly.h"
#include "training/training_job.h"

namespace helios::training {
namespace {

boost::json::object ToJson(const Model& model) {
  return {
      {"id", model.id.ToString()},
      {"name", model.name},
      {"model_type", model.model_type},
      {"target_metric", model.target_metric},
      {"version", model.version},
      {"status", model.status},
      {"artifact_deleted_at", model.artifact_deleted_at ? boost::json::value(FormatRfc3339(*model.artifact_deleted_at))
                                                        : boost::json::value(nullptr)},
      {"metrics", boost::json::parse(model.metrics)},
      {"trained_at", FormatRfc3339(model.trained_at)},
      {"created_at", FormatRfc3339(model.created_at)}};
}

Result<Uuid> ModelId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "training.no_such_model", "cannot find the model '{}': it is not an id",
              request.PathParameter("id").substr(0, 64));
}

/// What is to be trained: without a metric, every metric.
struct TrainRequest {
  std::optional<std::string> metric;
  std::string labels = "{}";
  tsdb::SeriesSelector selector;
};

Result<TrainRequest> ParseTrainRequest(const boost::json::object& body) {
  TrainRequest wanted;
  http::ObjectReader reader(body);
  wanted.metric = reader.OptionalString("metric", tsdb::kMaxMetricNameBytes);
  auto labels = reader.OptionalStringMap("labels", tsdb::kMaxLabels);
  if (!wanted.metric && !labels.empty()) {
    reader.Reject("labels", "labels without a metric", "them beside 'metric', or neither");
  }
  HELIOS_CHECK(reader.Finish());
  wanted.selector.metric = wanted.metric.value_or("");
  std::ranges::sort(labels);
  boost::json::object json;
  for (const auto& [name, value] : labels) {
    json[name] = value;
    wanted.selector.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
  wanted.labels = boost::json::serialize(json);
  return wanted;
}

}  // namespace

tenancy::Routes TrainingService::MakeRoutes() {
  const auto handler = [this](auto method) {
    return tenancy::BlockingHandler(
        [this, method](const http::Request& request, const tenancy::RequestContext& context) {
          return (this->*method)(request, context);
        });
  };
  const auto read = [&](std::string pattern, std::string operation, auto method) {
    return tenancy::Route{.method = http::Method::kGet,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = tenancy::Permission::kDataRead,
                          .handler = handler(method)};
  };
  tenancy::Routes routes = {read("/api/v1/models", "listModels", &TrainingService::List),
                            read("/api/v1/models/{id}", "getModel", &TrainingService::Find)};
  const auto change = [&](std::string pattern, std::string operation, auto method) {
    return tenancy::Route{.method = http::Method::kPost,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = tenancy::Permission::kTrain,
                          .audited = true,
                          .replay = tenancy::Replay::kStored,
                          .handler = handler(method)};
  };
  routes.push_back(change("/api/v1/models/train", "trainModels", &TrainingService::Train));
  routes.push_back(change("/api/v1/models/{id}/activate", "activateModel", &TrainingService::Activate));
  return routes;
}

Result<http::Response> TrainingService::List(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, needs_.cursors));
  HELIOS_TRY(const auto models, needs_.registry.List(context, page));
  return tenancy::PageAnswer(models, page, request, context.tenant, needs_.cursors,
                             [](const Model& model) { return ToJson(model); });
}

Result<http::Response> TrainingService::Find(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_TRY(const Uuid id, ModelId(request));
  HELIOS_TRY(const Model model, needs_.registry.Find(context, id));
  return http::Json(200, ToJson(model));
}

Result<http::Response> TrainingService::Activate(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_TRY(const Uuid id, ModelId(request));
  HELIOS_TRY(const Model model, needs_.registry.Activate(context, needs_.audit, id));
  return http::Json(200, ToJson(model));
}

Result<http::Response> TrainingService::Train(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kTrain));
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const TrainRequest wanted, ParseTrainRequest(body));
  std::optional<Uuid> user;
  if (context.principal->kind == tenancy::Principal::Kind::kSession) user = context.principal->user.value;
  jobs::NewJob job{.kind = std::string(kTrainNightly), .pending_key = "on demand", .created_by = user};
  if (wanted.metric) {
    HELIOS_TRY(const auto found, needs_.samples.FindSeries(context.tenant, wanted.selector, 1));
    if (found.empty()) {
      return Fail(ErrorCode::kNotFound, "training.no_such_series",
                  "cannot train: no series of the metric '{}' has these labels; GET /api/v1/series lists them",
                  *wanted.metric);
    }
    job = TrainingJob({.metric = *wanted.metric, .labels = wanted.labels, .created_by = user});
  }
  HELIOS_TRY(auto tx, needs_.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto enqueued, needs_.queue.Enqueue(tx, job, context.now));
  HELIOS_TRY(const jobs::Job made, needs_.queue.Find(tx, enqueued.id));
  HELIOS_CHECK(needs_.audit.Record(tx, context, "model.train", enqueued.id));
  HELIOS_CHECK(tx.Commit());
  return http::Json(202, boost::json::object{{"job", jobs::ToJson(made)}});
}

}  // namespace helios::training
