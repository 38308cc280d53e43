// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/scaling_service.h"

#include <boost/json/array.hpp>

#include "http/json.h"
#include "scaling/autoscaler_json.h"
#include "scaling/recommend_query.h"
#include "scaling/target_json.h"
#include "scaling/target_load.h"
#include "scaling/targets.h"
#include "tenancy/page_answer.h"
#include "wire/scaling_json.h"

namespace helios::scaling {
namespace {

Result<Uuid> PathId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "scaling.no_such_target", "cannot find the scaling target '{}': it is not an id",
              request.PathParameter("id").substr(0, 64));
}

}  // namespace

tenancy::Routes ScalingService::MakeRoutes() const {
  using http::Method;
  using tenancy::Permission;
  const auto route = [this](Method method, std::string pattern, std::string operation, Permission permission,
                            Answer (ScalingService::*handler)(const http::Request&, const Context&) const) {
    return tenancy::Route{
        .method = method,
        .pattern = std::move(pattern),
        .operation = std::move(operation),
        .permission = permission,
        .audited = permission == Permission::kScalingWrite,
        .replay = method == Method::kPost && permission == Permission::kScalingWrite ? tenancy::Replay::kStored
                                                                                     : tenancy::Replay::kNone,
        .handler = tenancy::BlockingHandler([this, handler](const http::Request& request, const Context& context) {
          return (this->*handler)(request, context);
        })};
  };
  using Self = ScalingService;
  return {
      route(Method::kPost, "/api/v1/recommend", "recommend", Permission::kDataRead, &Self::Recommend),
      route(Method::kGet, "/api/v1/scaling-targets", "listScalingTargets", Permission::kDataRead, &Self::List),
      route(Method::kPost, "/api/v1/scaling-targets", "createScalingTarget", Permission::kScalingWrite, &Self::Create),
      route(Method::kGet, "/api/v1/scaling-targets/{id}", "getScalingTarget", Permission::kDataRead, &Self::Get),
      route(Method::kPatch, "/api/v1/scaling-targets/{id}", "updateScalingTarget", Permission::kScalingWrite,
            &Self::Patch),
      route(Method::kDelete, "/api/v1/scaling-targets/{id}", "deleteScalingTarget", Permission::kScalingWrite,
            &Self::Delete),
      route(Method::kGet, "/api/v1/scaling-targets/{id}/advice", "listScalingAdvice", Permission::kDataRead,
            &Self::Advice),
      route(Method::kGet, "/api/v1/scaling-targets/{id}/keda", "getKedaMetric", Permission::kDataRead, &Self::Keda),
      route(Method::kGet, "/apis/external.metrics.k8s.io/v1beta1", "listExternalMetrics", Permission::kDataRead,
            &Self::ExternalMetrics),
      route(Method::kGet, "/apis/external.metrics.k8s.io/v1beta1/namespaces/{namespace}/{metric}", "getExternalMetric",
            Permission::kDataRead, &Self::ExternalMetric),
  };
}

ScalingService::Answer ScalingService::Recommend(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(RecommendQuery query, ParseRecommendQuery(body));
  boost::json::object answer;
  boost::json::value series = nullptr;
  if (const auto* selector = std::get_if<tsdb::SeriesSelector>(&query.subject)) {
    HELIOS_TRY(const TargetLoad load, ReadTargetLoad(environment_.store, context.tenant, *selector, context.now));
    query.options.present = load.present;
    HELIOS_TRY(const auto recommendation, ml::Recommend(load.history, query.options));
    answer = wire::RecommendationJson(recommendation);
    series = load.series;
  } else {
    const auto& history = std::get<std::vector<ml::Sample>>(query.subject);
    HELIOS_TRY(const auto recommendation, ml::Recommend(history, query.options));
    answer = wire::RecommendationJson(recommendation);
  }
  answer["summed_series"] = std::move(series);
  return http::Json(200, boost::json::object{{"recommendations", boost::json::array{std::move(answer)}}});
}

ScalingService::Answer ScalingService::List(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, environment_.cursors));
  HELIOS_TRY(const auto targets, ListTargets(environment_.database, context, page));
  return tenancy::PageAnswer(targets, page, request, context.tenant, environment_.cursors);
}

ScalingService::Answer ScalingService::Create(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const TargetSettings settings, ReadTargetSettings(body));
  HELIOS_TRY(const Target target,
             CreateTarget(environment_.database, environment_.random, environment_.audit, context, settings));
  return http::Json(201, ToJson(target));
}

ScalingService::Answer ScalingService::Get(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const Target target, FindTarget(environment_.database, context, id));
  return http::Json(200, ToJson(target));
}

ScalingService::Answer ScalingService::Patch(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_CHECK(CheckTargetChange(body));
  HELIOS_TRY(const Target before, FindTarget(environment_.database, context, id));
  HELIOS_TRY(const TargetSettings settings, ReadTargetSettings(body, &before.settings));
  HELIOS_TRY(const Target target, ChangeTarget(environment_.database, environment_.audit, context, id, settings));
  return http::Json(200, ToJson(target));
}

ScalingService::Answer ScalingService::Delete(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(DeleteTarget(environment_.database, environment_.audit, context, id));
  return http::NoContent();
}

ScalingService::Answer ScalingService::Advice(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, environment_.cursors));
  HELIOS_TRY(const auto advice, ListAdvice(environment_.database, context, id, page));
  return tenancy::PageAnswer(advice, page, request, context.tenant, environment_.cursors);
}

ScalingService::Answer ScalingService::Keda(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const Target target, FindTarget(environment_.database, context, id));
  HELIOS_TRY(const TargetAdvice advice, ServableAdvice(target, context.now));
  return http::Json(200, boost::json::object{{"replicas", advice.replicas}, {"time", FormatRfc3339(advice.time)}});
}

ScalingService::Answer ScalingService::ExternalMetrics(const http::Request& /*request*/,
                                                       const Context& /*context*/) const {
  return http::Json(200, ApiResourcesJson());
}

ScalingService::Answer ScalingService::ExternalMetric(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"labelSelector"}));
  if (request.PathParameter("metric") != kExternalMetric) {
    return Fail(ErrorCode::kNotFound, "scaling.no_such_metric", "cannot find the external metric '{}': want {}",
                request.PathParameter("metric").substr(0, 100), kExternalMetric);
  }
  HELIOS_TRY(const auto conditions, ParseLabelSelector(request.Query("labelSelector").value_or("")));
  HELIOS_TRY(const auto targets, ListTargets(environment_.database, context, {.limit = kMostTargets, .offset = 0}));
  std::vector<std::pair<Target, TargetAdvice>> values;
  for (const Target& target : targets) {
    if (!Meets(target, conditions)) continue;
    // An autoscaler adds the values up: one that is unknown would be a zero in the sum.
    HELIOS_TRY(const TargetAdvice advice, ServableAdvice(target, context.now));
    values.emplace_back(target, advice);
  }
  if (values.empty()) {
    return Fail(ErrorCode::kNotFound, "scaling.no_such_target",
                "cannot find a scaling target that labelSelector '{}' means",
                request.Query("labelSelector").value_or("").substr(0, 200));
  }
  return http::Json(200, MetricValuesJson(values));
}

}  // namespace helios::scaling
