// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/predict_query.h"

#include <boost/json/array.hpp>

#include <algorithm>
#include <cmath>

#include "http/json.h"

namespace helios::inference {
namespace {

Result<std::vector<std::chrono::minutes>> ParseHorizons(const boost::json::array& array) {
  if (array.empty() || array.size() > kMaxHorizons) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon", "cannot predict: got {} horizons; want 1 to {}",
                array.size(), kMaxHorizons);
  }
  std::vector<std::chrono::minutes> horizons;
  for (const boost::json::value& item : array) {
    const auto* minutes = item.if_int64();
    if (minutes == nullptr || *minutes < 1 || *minutes > ml::kMaxHorizon.count()) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                  "cannot predict: horizons[{}] must be a whole number of minutes from 1 to {}; got {}",
                  horizons.size(), ml::kMaxHorizon.count(),
                  minutes == nullptr ? std::string(http::KindName(item)) : std::to_string(*minutes));
    }
    horizons.emplace_back(*minutes);
  }
  return horizons;
}

Result<std::vector<ml::Sample>> ParseHistory(const boost::json::array& array) {
  if (array.size() > kMaxHistorySamples) {
    return Fail(ErrorCode::kInvalidArgument, "inference.history_too_long",
                "cannot predict: the history has {} samples; want at most {}", array.size(), kMaxHistorySamples);
  }
  std::vector<ml::Sample> history;
  history.reserve(array.size());
  for (const boost::json::value& item : array) {
    const auto* object = item.if_object();
    if (object == nullptr) {
      return Fail(ErrorCode::kInvalidArgument, "http.bad_field",
                  "cannot read history[{}]: got {}; want an object with timestamp and value", history.size(),
                  http::KindName(item));
    }
    http::ObjectReader reader(*object, fmt::format("history[{}].", history.size()));
    const TimestampMs time = reader.Time("timestamp");
    const double value = reader.Number("value");
    HELIOS_CHECK(reader.Finish());
    history.push_back({.time = time, .value = value});
  }
  return history;
}

}  // namespace

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
  if (const double level = query.options.level; !(level > 0) || !(level < 1)) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_level",
                "cannot predict: level must lie between 0 and 1, such as 0.95; got {}", query.options.level);
  }
  if (horizons != nullptr) {
    HELIOS_TRY(query.options.horizons, ParseHorizons(*horizons));
  }
  if (history != nullptr) {
    HELIOS_TRY(query.subject, ParseHistory(*history));
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
