// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/inference_service.h"

#include <boost/json/array.hpp>

#include "http/json.h"

namespace helios::inference {
namespace {

boost::json::value NumberOrNull(const std::optional<double>& number) {
  if (!number) return nullptr;
  return *number;
}

boost::json::object ToJson(const std::vector<tsdb::Label>& labels) {
  boost::json::object json;
  for (const tsdb::Label& label : labels) json[label.name] = label.value;
  return json;
}

boost::json::object ToJson(const ml::BacktestMetrics& metrics) {
  return {{"mase", NumberOrNull(metrics.mase)},
          {"smape", NumberOrNull(metrics.smape)},
          {"mae", NumberOrNull(metrics.mae)},
          {"coverage", NumberOrNull(metrics.coverage)},
          {"origins", metrics.origins}};
}

}  // namespace

boost::json::object ToJson(const Prediction& prediction) {
  const ml::SeriesForecast& forecast = prediction.forecast;
  boost::json::object model{
      {"id", nullptr},
      {"name", nullptr},
      {"version", nullptr},
      {"model_type", ml::ModelTypeName(forecast.model_type)},
      {"reason", forecast.reason},
      {"season_seconds",
       forecast.season_length == 0
           ? boost::json::value(nullptr)
           : boost::json::value(
                 std::chrono::duration_cast<std::chrono::seconds>(forecast.step * forecast.season_length).count())},
      {"metrics", ToJson(forecast.metrics)}};
  if (prediction.model) {
    model["id"] = prediction.model->id.ToString();
    model["name"] = prediction.model->name;
    model["version"] = prediction.model->version;
  }

  boost::json::array points;
  points.reserve(forecast.points.size());
  for (const ml::ForecastPoint& point : forecast.points) {
    points.push_back({{"time", FormatRfc3339(point.time)},
                      {"horizon_minutes", point.horizon.count()},
                      {"predicted_value", point.value},
                      {"confidence_lower", point.lower},
                      {"confidence_upper", point.upper}});
  }
  boost::json::object json{
      {"metric", nullptr},
      {"labels", ToJson(prediction.key.labels)},
      {"origin", FormatRfc3339(forecast.origin)},
      {"history",
       {{"samples", forecast.history_samples},
        {"seconds", std::chrono::duration_cast<std::chrono::seconds>(forecast.history_span).count()}}},
      {"model", std::move(model)},
      {"points", std::move(points)}};
  if (!prediction.key.metric.empty()) json["metric"] = prediction.key.metric;
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
  for (const Prediction& prediction : predictions.made) made.push_back(ToJson(prediction));
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
