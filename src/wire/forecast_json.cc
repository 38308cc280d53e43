// SPDX-License-Identifier: Apache-2.0
#include "wire/forecast_json.h"

#include <boost/json/array.hpp>
#include <chrono>
#include <optional>

#include "base/time.h"

namespace helios::wire {
namespace {

namespace json = boost::json;

json::value NumberOrNull(const std::optional<double>& number) {
  if (!number) return nullptr;
  return *number;
}

json::object ToJson(const ml::BacktestMetrics& metrics) {
  return {{"mase", NumberOrNull(metrics.mase)},
          {"smape", NumberOrNull(metrics.smape)},
          {"mae", NumberOrNull(metrics.mae)},
          {"coverage", NumberOrNull(metrics.coverage)},
          {"origins", metrics.origins}};
}

std::int64_t Seconds(std::chrono::milliseconds time) {
  return std::chrono::duration_cast<std::chrono::seconds>(time).count();
}

}  // namespace

json::object PredictionJson(const ml::SeriesForecast& forecast, std::string_view model_type) {
  json::value season = nullptr;
  if (forecast.season_length > 0) season = Seconds(forecast.step * static_cast<long>(forecast.season_length));
  json::array points;
  points.reserve(forecast.points.size());
  for (const ml::ForecastPoint& point : forecast.points) {
    points.push_back({{"time", FormatRfc3339(point.time)},
                      {"horizon_minutes", point.horizon.count()},
                      {"predicted_value", point.value},
                      {"confidence_lower", point.lower},
                      {"confidence_upper", point.upper}});
  }
  return {{"metric", nullptr},
          {"labels", json::object{}},
          {"origin", FormatRfc3339(forecast.origin)},
          {"history", {{"samples", forecast.history_samples}, {"seconds", Seconds(forecast.history_span)}}},
          {"model",
           {{"id", nullptr},
            {"name", nullptr},
            {"version", nullptr},
            {"model_type", model_type},
            {"reason", forecast.reason},
            {"season_seconds", std::move(season)},
            {"metrics", ToJson(forecast.metrics)}}},
          {"points", std::move(points)}};
}

json::object PredictionJson(const ml::SeriesForecast& forecast) {
  return PredictionJson(forecast, ml::ModelNameOf(forecast));
}

}  // namespace helios::wire
