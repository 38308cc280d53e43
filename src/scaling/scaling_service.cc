// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/scaling_service.h"

#include <boost/json/array.hpp>

#include "http/json.h"
#include "scaling/recommend_query.h"
#include "scaling/target_load.h"
#include "wire/scaling_json.h"

namespace helios::scaling {

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
        .handler = tenancy::BlockingHandler([this, handler](const http::Request& request, const Context& context) {
          return (this->*handler)(request, context);
        })};
  };
  using Self = ScalingService;
  return {
      route(Method::kPost, "/api/v1/recommend", "recommend", Permission::kDataRead, &Self::Recommend),
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

}  // namespace helios::scaling
