// SPDX-License-Identifier: Apache-2.0
#include "wire/anomalies_json.h"

#include <chrono>

#include "base/time.h"

namespace helios::wire {

namespace json = boost::json;

json::array AnomaliesJson(std::span<const ml::AnomalySpan> anomalies) {
  json::array list;
  list.reserve(anomalies.size());
  for (const auto& anomaly : anomalies) {
    json::array kinds;
    for (const auto kind : ml::kAnomalyKinds) {
      if (anomaly.Has(kind)) kinds.emplace_back(ml::AnomalyKindName(kind));
    }
    list.push_back({{"time", FormatRfc3339(anomaly.worst)},
                    {"started_at", FormatRfc3339(anomaly.start)},
                    {"ended_at", FormatRfc3339(anomaly.end)},
                    {"value", anomaly.value},
                    {"expected_value", anomaly.expected},
                    {"lower", anomaly.lower},
                    {"upper", anomaly.upper},
                    {"anomaly_score", anomaly.score},
                    {"severity", ml::SeverityName(anomaly.severity)},
                    {"kinds", std::move(kinds)}});
  }
  return list;
}

json::array SignalsJson(std::span<const ml::Sample> samples, std::span<const ml::Detection> detections) {
  json::array list;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const auto kind : ml::kSignalKinds) {
      if (!detections[i].Has(kind)) continue;
      json::object signal{{"time", FormatRfc3339(samples[i].time)}, {"kind", ml::AnomalyKindName(kind)}};
      if (kind == ml::AnomalyKind::kMissingData) signal["missing_samples"] = detections[i].missing;
      list.push_back(std::move(signal));
    }
  }
  return list;
}

json::object DetectionsJson(const ml::HistoryDetections& found) {
  std::size_t scored = 0;
  TimestampMs first{};
  TimestampMs last{};
  for (std::size_t i = 0; i < found.samples.size(); ++i) {
    if (!found.detections[i].scored) continue;
    if (scored++ == 0) first = found.samples[i].time;
    last = found.samples[i].time;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(last - first).count();
  return {{"metric", nullptr},
          {"labels", json::object{}},
          {"history", {{"samples", scored}, {"seconds", seconds}}},
          {"anomalies", AnomaliesJson(found.anomalies)},
          {"signals", SignalsJson(found.samples, found.detections)}};
}

}  // namespace helios::wire
