// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/detect_query.h"

#include <boost/json/array.hpp>

#include <algorithm>

#include "http/json.h"

namespace helios::detection {
namespace {

Result<std::vector<ml::Sample>> ParseHistory(const boost::json::array& array) {
  if (array.size() > kMostHistorySamples) {
    return Fail(ErrorCode::kInvalidArgument, "detection.history_too_long",
                "cannot detect: the history has {} samples; want at most {}", array.size(), kMostHistorySamples);
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
  // Of equal times the one written first comes first: it is the one that counts.
  std::vector<std::pair<TimestampMs, std::size_t>> order;
  order.reserve(history.size());
  for (const ml::Sample& sample : history) order.emplace_back(sample.time, order.size());
  std::ranges::sort(order);
  std::vector<ml::Sample> sorted;
  sorted.reserve(history.size());
  for (const auto& [time, index] : order) sorted.push_back(history[index]);
  return sorted;
}

Result<void> CheckSensitivity(const std::optional<double>& sensitivity) {
  if (!sensitivity || (*sensitivity >= 0 && *sensitivity <= ml::kMostSensitivity)) return {};
  return Fail(ErrorCode::kInvalidArgument, "detection.bad_sensitivity",
              "cannot detect at sensitivity {}: want a number from 0 to {}", *sensitivity, ml::kMostSensitivity);
}

void AddLabels(const std::vector<std::pair<std::string, std::string>>& labels, tsdb::SeriesSelector& selector) {
  for (const auto& [name, value] : labels) {
    selector.matchers.push_back({.label = name, .kind = tsdb::Matcher::Kind::kEqual, .value = value});
  }
}

}  // namespace

Result<DetectQuery> ParseDetectQuery(const boost::json::object& body) {
  DetectQuery query;
  http::ObjectReader reader(body);
  const auto metric = reader.OptionalString("metric", tsdb::kMaxMetricNameBytes);
  const auto labels = reader.OptionalStringMap("labels");
  const auto* history = reader.OptionalArray("history");
  query.start = reader.OptionalTime("start");
  query.end = reader.OptionalTime("end");
  query.sensitivity = reader.OptionalNumber("sensitivity");
  const auto judged = reader.OptionalInteger("judged_points", 4, kMostJudgedPoints);
  HELIOS_CHECK(reader.Finish());
  if (metric.has_value() == (history != nullptr) || (metric && metric->empty())) {
    return Fail(ErrorCode::kInvalidArgument, "detection.bad_subject",
                "cannot detect: want either 'metric', for stored series, or 'history'; got {}",
                metric && history != nullptr ? "both" : "neither");
  }
  if (history != nullptr && (!labels.empty() || query.start || query.end || judged)) {
    return Fail(ErrorCode::kInvalidArgument, "detection.bad_subject",
                "cannot detect: 'labels', 'start', 'end' and 'judged_points' belong to stored series; leave them out "
                "beside 'history'");
  }
  query.judged_points = static_cast<std::size_t>(judged.value_or(0));
  HELIOS_CHECK(CheckSensitivity(query.sensitivity));
  if (query.start && query.end && *query.end < *query.start) {
    return Fail(ErrorCode::kInvalidArgument, "detection.bad_range", "cannot detect: end {} lies before start {}",
                FormatRfc3339(*query.end), FormatRfc3339(*query.start));
  }
  if (history != nullptr) {
    HELIOS_TRY(query.subject, ParseHistory(*history));
    return query;
  }
  tsdb::SeriesSelector selector{.metric = *metric, .matchers = {}};
  AddLabels(labels, selector);
  query.subject = std::move(selector);
  return query;
}

Result<BacktestQuery> ParseBacktestQuery(const boost::json::object& body) {
  BacktestQuery query;
  http::ObjectReader reader(body);
  query.selector.metric = reader.OptionalString("metric", tsdb::kMaxMetricNameBytes).value_or("");
  const auto labels = reader.OptionalStringMap("labels");
  query.days = static_cast<int>(reader.OptionalInteger("days", 1, kMostBacktestDays).value_or(query.days));
  query.sensitivity = reader.OptionalNumber("sensitivity");
  if (const auto budget = reader.OptionalInteger("budget_per_week", 0, 1'000'000)) {
    query.budget_per_week = static_cast<int>(*budget);
  }
  HELIOS_CHECK(reader.Finish());
  HELIOS_CHECK(CheckSensitivity(query.sensitivity));
  if (query.selector.metric.empty() && !labels.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "detection.bad_backtest",
                "cannot backtest: 'labels' belong to a metric; name it, or leave them out for every series");
  }
  AddLabels(labels, query.selector);
  return query;
}

}  // namespace helios::detection
