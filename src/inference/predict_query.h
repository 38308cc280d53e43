// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include <variant>
#include <vector>

#include "ml/forecast.h"
#include "tsdb/series.h"

namespace helios::inference {

/// What POST /predict asks for: stored series, or a history that came with the request.
struct PredictQuery {
  std::variant<tsdb::SeriesSelector, std::vector<ml::Sample>> subject;
  ml::ForecastOptions options;
  bool allow_stale = false;
};

/// Errors: kInvalidArgument http.bad_field, http.unknown_field, inference.bad_subject,
/// inference.bad_horizon, inference.bad_level, inference.history_too_long.
[[nodiscard]] Result<PredictQuery> ParsePredictQuery(const boost::json::object& body);

}  // namespace helios::inference
