// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/predict_query.h"

#include "http/json.h"
#include "wire/history_json.h"

namespace helios::inference {
Result<PredictQuery> ParsePredictQuery(const boost::json::object& body) {
  PredictQuery query;
  http::ObjectReader reader(body);
  const auto metric = reader.OptionalString("metric", tsdb::kMaxMetricNameBytes);
  const auto labels = reader.OptionalStringMap("labels");
  const auto* history = reader.OptionalArray("history");
  const auto* horizons = reader.OptionalArray("horizons");
  query.options.level = reader.OptionalNumber("level").value_or(query.options.level);
  query.allow_stale = reader.OptionalBool("allow_stale").value_or(false);
  HELIOS_CHECK(reader.Finish());

  if (metric.has_value() == (history != nullptr)) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_subject",
                "cannot predict: want either 'metric', for stored series, or 'history'; got {}",
                metric ? "both" : "neither");
  }
  if (history != nullptr && (body.contains("labels") || query.allow_stale)) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_subject",
                "cannot predict: 'labels' and 'allow_stale' belong to stored series; leave them out beside 'history'");
  }
  HELIOS_TRY(query.options.level, wire::ReadLevel(query.options.level));
  if (horizons != nullptr) {
    HELIOS_TRY(query.options.horizons, wire::ReadHorizons(*horizons));
  }
  if (history != nullptr) {
    HELIOS_TRY(query.subject, wire::ReadHistory(*history));
    return query;
  }
  tsdb::SeriesSelector selector;
  selector.metric = *metric;
  for (const auto& [name, value] : labels) {
    selector.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
  query.subject = std::move(selector);
  return query;
}

}  // namespace helios::inference
