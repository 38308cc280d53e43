// SPDX-License-Identifier: Apache-2.0
#include <boost/json/array.hpp>

#include "http/json.h"
#include "stateless/internal/history_field.h"
#include "stateless/routes.h"
#include "wire/history_json.h"
#include "wire/scaling_json.h"

namespace helios::stateless {

Result<http::Response> Recommend(const http::Request& request) {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_CHECK(RequireHistory(body));
  http::ObjectReader reader(body);
  const auto& history = reader.Array("history");
  const auto options = wire::ReadRecommendOptions(reader);
  HELIOS_CHECK(reader.Finish());
  if (!options) return std::unexpected(options.error());
  HELIOS_TRY(const auto samples, wire::ReadHistory(history));

  HELIOS_TRY(const auto recommendation, ml::Recommend(samples, *options));
  return http::Json(
      200, boost::json::object{{"recommendations", boost::json::array{wire::RecommendationJson(recommendation)}}});
}

}  // namespace helios::stateless
