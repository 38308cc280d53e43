// SPDX-License-Identifier: Apache-2.0
#include <boost/json/array.hpp>

#include "http/json.h"
#include "ml/forecast.h"
#include "stateless/internal/history_field.h"
#include "stateless/routes.h"
#include "wire/forecast_json.h"
#include "wire/history_json.h"

namespace helios::stateless {

Result<http::Response> Predict(const http::Request& request) {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_CHECK(RequireHistory(body));
  ml::ForecastOptions options;
  http::ObjectReader reader(body);
  const auto& history = reader.Array("history");
  const auto* horizons = reader.OptionalArray("horizons");
  const auto level = reader.OptionalNumber("level");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(options.level, wire::ReadLevel(level.value_or(options.level)));
  if (horizons != nullptr) {
    HELIOS_TRY(options.horizons, wire::ReadHorizons(*horizons));
  }
  HELIOS_TRY(const auto samples, wire::ReadHistory(history));

  HELIOS_TRY(const auto forecast, ml::Forecast(samples, options));
  return http::Json(200, boost::json::object{{"predictions", boost::json::array{wire::PredictionJson(forecast)}},
                                             {"skipped", boost::json::array{}}});
}

}  // namespace helios::stateless
