// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/object.hpp>

#include <string_view>

#include "ml/forecast.h"

namespace helios::wire {

/// A forecast as one entry of "predictions", of a history that nobody stored: metric null, no labels, and a model
/// without id, name and version. Who knows these fills them in. `model_type` names the model.
[[nodiscard]] boost::json::object PredictionJson(const ml::SeriesForecast& forecast, std::string_view model_type);

/// The same, of the forecast's own model.
[[nodiscard]] boost::json::object PredictionJson(const ml::SeriesForecast& forecast);

}  // namespace helios::wire
