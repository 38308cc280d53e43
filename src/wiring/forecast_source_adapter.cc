// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/forecast_source_adapter.h"

namespace helios::wiring {

Result<std::vector<alerting::SeriesForecast>> ForecastSourceAdapter::Forecast(
    TenantId tenant, const tsdb::SeriesSelector& selector, const std::vector<std::chrono::minutes>& horizons,
    double level, TimestampMs now) {
  constexpr std::chrono::seconds kPatience{30};
  tenancy::RequestContext context;
  context.tenant = tenant;
  context.now = now;
  context.deadline = std::chrono::steady_clock::now() + kPatience;
  inference::PredictQuery query;
  query.subject = selector;
  query.options = {.horizons = horizons, .level = level};
  const auto predictions = predictor_.Predict(context, query);
  std::vector<alerting::SeriesForecast> forecasts;
  if (!predictions) {
    const ErrorCode code = predictions.error().code;
    // No series, or none that can be forecast now.
    if (code == ErrorCode::kNotFound || code == ErrorCode::kFailedPrecondition) return forecasts;
    return std::unexpected(predictions.error());
  }
  for (const inference::Prediction& made : predictions->made) {
    alerting::SeriesForecast& forecast = forecasts.emplace_back();
    forecast.key = made.key;
    for (const ml::ForecastPoint& point : made.forecast.points) {
      forecast.steps.push_back({.time = point.time, .value = point.value, .lower = point.lower, .upper = point.upper});
    }
  }
  return forecasts;
}

}  // namespace helios::wiring
