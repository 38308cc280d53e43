// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>

#include "http/json.h"
#include "ml/forecast.h"
#include "ml/history_detections.h"
#include "stateless/internal/history_field.h"
#include "stateless/routes.h"
#include "wire/anomalies_json.h"
#include "wire/history_json.h"

namespace helios::stateless {

Result<http::Response> Detect(const http::Request& request) {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  HELIOS_CHECK(RequireHistory(body));
  http::ObjectReader reader(body);
  const auto& history = reader.Array("history");
  const auto sensitivity = reader.OptionalNumber("sensitivity");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const auto detector, ml::Detector::Make({}, sensitivity.value_or(ml::kDefaultSensitivity)));
  HELIOS_TRY(const auto samples, wire::ReadHistory(history));

  const auto known = std::ranges::count_if(samples, [](const ml::Sample& s) { return std::isfinite(s.value); });
  if (static_cast<std::size_t>(known) < ml::kMinHistorySamples) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot detect: the history is too short; got {} finite samples; want at least {}", known,
                ml::kMinHistorySamples);
  }
  const auto found = ml::DetectHistory(detector, samples);
  return http::Json(200, boost::json::object{{"series", boost::json::array{wire::DetectionsJson(found)}}});
}

}  // namespace helios::stateless
