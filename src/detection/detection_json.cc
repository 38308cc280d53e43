// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/detection_json.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <array>

namespace helios::detection {
namespace {

namespace json = boost::json;

constexpr std::array kKinds = {ml::AnomalyKind::kEvent,      ml::AnomalyKind::kPoint,
                               ml::AnomalyKind::kLevelShift, ml::AnomalyKind::kVarianceShift,
                               ml::AnomalyKind::kFlatLine,   ml::AnomalyKind::kMissingData};

json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  return time ? json::value(FormatRfc3339(*time)) : json::value(nullptr);
}

json::value IdOrNull(const std::optional<Uuid>& id) {
  return id ? json::value(id->ToString()) : json::value(nullptr);
}

json::value NumberOrNull(const std::optional<double>& number) {
  return number ? json::value(*number) : json::value(nullptr);
}

json::array KindNames(std::uint8_t kinds) {
  json::array names;
  for (const ml::AnomalyKind kind : kKinds) {
    if ((kinds & static_cast<std::uint8_t>(kind)) != 0) names.emplace_back(ml::AnomalyKindName(kind));
  }
  return names;
}

}  // namespace

json::object ToJson(const Anomaly& anomaly) {
  return {{"id", anomaly.id.ToString()},
          {"metric", anomaly.metric},
          {"labels", json::parse(anomaly.labels)},
          {"started_at", FormatRfc3339(anomaly.started_at)},
          {"ended_at", TimeOrNull(anomaly.ended_at)},
          {"detected_at", FormatRfc3339(anomaly.detected_at)},
          {"worst_at", TimeOrNull(anomaly.worst_at)},
          {"value", anomaly.value},
          {"expected_value", NumberOrNull(anomaly.expected)},
          {"lower", NumberOrNull(anomaly.lower)},
          {"upper", NumberOrNull(anomaly.upper)},
          {"anomaly_score", anomaly.score},
          {"severity", anomaly.severity},
          {"kinds", KindNames(anomaly.kinds)},
          {"samples", anomaly.samples},
          {"status", anomaly.status},
          {"incident_id", IdOrNull(anomaly.incident)},
          {"acknowledged_by", IdOrNull(anomaly.acknowledged_by)},
          {"resolved_at", TimeOrNull(anomaly.resolved_at)},
          {"repeats", anomaly.repeats}};
}

json::object ToJson(const Incident& incident) {
  return {{"id", incident.id.ToString()},
          {"title", incident.title},
          {"severity", incident.severity},
          {"status", incident.status},
          {"started_at", FormatRfc3339(incident.started_at)},
          {"ended_at", TimeOrNull(incident.ended_at)},
          {"resolved_at", TimeOrNull(incident.resolved_at)},
          {"acknowledged_by", IdOrNull(incident.acknowledged_by)},
          {"alert_rule_id", IdOrNull(incident.alert_rule)},
          {"created_at", FormatRfc3339(incident.created_at)},
          {"anomalies", incident.anomalies},
          {"series_count", incident.series}};
}

json::object ToJson(const RankedIncident& ranked) {
  json::object object = ToJson(ranked.incident);
  json::array series;
  for (const Anomaly& anomaly : ranked.anomalies) {
    json::object one = ToJson(anomaly);
    one["rank"] = series.size() + 1;
    one["excess"] = nullptr;
    series.push_back(std::move(one));
  }
  for (const RuleSeries& fired : ranked.rule_series) {
    series.push_back(json::object{{"rank", series.size() + 1},
                                  {"id", nullptr},
                                  {"metric", fired.metric},
                                  {"labels", json::parse(fired.labels)},
                                  {"started_at", FormatRfc3339(fired.started_at)},
                                  {"ended_at", TimeOrNull(fired.ended_at)},
                                  {"value", NumberOrNull(fired.value)},
                                  {"anomaly_score", nullptr},
                                  {"excess", fired.excess},
                                  {"severity", ranked.incident.severity},
                                  {"status", fired.ended_at ? "resolved" : std::string_view(ranked.incident.status)}});
  }
  object["series"] = std::move(series);
  return object;
}

json::object ToJson(const ml::AnomalySpan& span) {
  return {{"time", FormatRfc3339(span.worst)},
          {"started_at", FormatRfc3339(span.start)},
          {"ended_at", FormatRfc3339(span.end)},
          {"value", span.value},
          {"expected_value", span.expected},
          {"lower", span.lower},
          {"upper", span.upper},
          {"anomaly_score", span.score},
          {"severity", ml::SeverityName(span.severity)},
          {"kinds", KindNames(span.kinds)}};
}

json::object ToJson(const SeriesAnomalies& series) {
  json::object labels;
  for (const tsdb::Label& label : series.series.labels) labels[label.name] = label.value;
  json::array anomalies;
  for (const ml::AnomalySpan& span : series.anomalies) anomalies.push_back(ToJson(span));
  json::object object{{"metric", nullptr}, {"labels", std::move(labels)}, {"anomalies", std::move(anomalies)}};
  if (!series.series.metric.empty()) object["metric"] = series.series.metric;
  return object;
}

json::array ToJson(const std::vector<JudgedSample>& judged) {
  json::array list;
  list.reserve(judged.size());
  for (const JudgedSample& sample : judged) {
    list.push_back(json::array{FormatRfc3339(sample.time), sample.value, sample.expected, sample.lower, sample.upper});
  }
  return list;
}

json::object ToJson(const StepCount& count) {
  return {{"start", FormatRfc3339(count.start)},
          {"low", count.low},
          {"medium", count.medium},
          {"high", count.high},
          {"critical", count.critical}};
}

}  // namespace helios::detection
