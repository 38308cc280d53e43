// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace helios::stateless {

/// Answers one request, from it alone: plain code that may compute for as long as it takes. Thread-safe.
using Handler = Result<http::Response> (*)(const http::Request&);

struct Route {
  http::Method method = http::Method::kGet;
  std::string_view path;
  Handler handler = nullptr;
};

/// Every operation; each is served under /api/v1 too.
[[nodiscard]] std::span<const Route> Routes();

/// POST /predict: {"history": [{"timestamp", "value"}, …], "horizons"?: [minutes, …], "level"?: 0.95}.
/// Errors: those of http::JsonBody(), wire/history_json.h and ml::Forecast(); kInvalidArgument inference.bad_subject
/// without a history, or where a stored series is asked for.
[[nodiscard]] Result<http::Response> Predict(const http::Request& request);

/// POST /detect: {"history": [{"timestamp", "value"}, …], "sensitivity"?: 2.5}.
/// Errors: those of http::JsonBody(), wire/history_json.h and ml::Detector::Make(); kInvalidArgument
/// inference.bad_subject as above; kFailedPrecondition inference.not_enough_history under three known values.
[[nodiscard]] Result<http::Response> Detect(const http::Request& request);

/// POST /recommend: {"history": [{"timestamp", "value"}, …], "target": {…}} and what else ReadRecommendOptions() takes.
/// Errors: those of http::JsonBody(), wire/history_json.h, wire/scaling_json.h and ml::Recommend(); kInvalidArgument
/// inference.bad_subject as above.
[[nodiscard]] Result<http::Response> Recommend(const http::Request& request);

}  // namespace helios::stateless
