// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/inference_service.h"

#include <boost/json/array.hpp>

#include "http/json.h"
#include "wire/forecast_json.h"

namespace helios::inference {
namespace {

boost::json::object ToJson(const std::vector<tsdb::Label>& labels) {
  boost::json::object json;
  for (const tsdb::Label& label : labels) json[label.name] = label.value;
  return json;
}

}  // namespace

boost::json::object ToJson(const Prediction& prediction) {
  boost::json::object json = wire::PredictionJson(prediction.forecast);
  json["labels"] = ToJson(prediction.key.labels);
  if (!prediction.key.metric.empty()) json["metric"] = prediction.key.metric;
  if (prediction.model) {
    boost::json::object& model = json["model"].as_object();
    model["id"] = prediction.model->id.ToString();
    model["name"] = prediction.model->name;
    model["version"] = prediction.model->version;
    boost::json::array withdrawn;
    for (const WithdrawnHorizon& horizon : prediction.withdrawn) {
      withdrawn.push_back({{"horizon_minutes", horizon.horizon.count()},
                           {"since", FormatRfc3339(horizon.withdrawal.since)},
                           {"reason", horizon.withdrawal.reason}});
    }
    model["withdrawn"] = std::move(withdrawn);
    model["fallback"] = nullptr;
    if (prediction.fallback) {
      model["fallback"] = {{"code", prediction.fallback->reason}, {"detail", prediction.fallback->message}};
    }
  }
  return json;
}

tenancy::Routes InferenceService::MakeRoutes() {
  return {{.method = http::Method::kPost,
           .pattern = "/api/v1/predict",
           .operation = "predict",
           .permission = tenancy::Permission::kDataRead,
           .handler =
               tenancy::BlockingHandler([this](const http::Request& request, const tenancy::RequestContext& context) {
                 return Predict(request, context);
               })}};
}

Result<http::Response> InferenceService::Predict(const http::Request& request, const tenancy::RequestContext& context) {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_TRY(const PredictQuery query, ParsePredictQuery(body));
  HELIOS_TRY(const auto predictions, predictor_.Predict(context, query));
  meter_.CountPredictions(context.tenant, predictions.made.size());
  boost::json::array made;
  for (const Prediction& prediction : predictions.made) {
    made.push_back(ToJson(prediction));
    if (prediction.model) log_.Keep(context.tenant, prediction, query.options.level, context.now);
  }
  boost::json::array skipped;
  for (const SkippedSeries& series : predictions.skipped) {
    skipped.push_back({{"metric", series.key.metric},
                       {"labels", ToJson(series.key.labels)},
                       {"code", series.error.reason},
                       {"detail", series.error.message}});
  }
  return http::Json(200, boost::json::object{{"predictions", std::move(made)}, {"skipped", std::move(skipped)}});
}

}  // namespace helios::inference
