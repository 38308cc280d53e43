// SPDX-License-Identifier: Apache-2.0
#include "workbench/detect_command.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <utility>
#include <vector>

#include "base/file.h"
#include "ml/anomaly_spans.h"
#include "workbench/detect_plot.h"
#include "workbench/history_file.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;

constexpr std::array kKinds = {ml::AnomalyKind::kEvent,      ml::AnomalyKind::kPoint,
                               ml::AnomalyKind::kLevelShift, ml::AnomalyKind::kVarianceShift,
                               ml::AnomalyKind::kFlatLine,   ml::AnomalyKind::kMissingData};

/// What is told by name alone, whatever the score.
constexpr std::array kSignals = {ml::AnomalyKind::kLevelShift, ml::AnomalyKind::kVarianceShift,
                                 ml::AnomalyKind::kFlatLine, ml::AnomalyKind::kMissingData};

/// In order of time; of equal times, the one written first comes first.
std::vector<ml::Sample> Sorted(const std::vector<ml::Sample>& samples) {
  std::vector<std::pair<TimestampMs, std::size_t>> order;
  order.reserve(samples.size());
  for (const auto& sample : samples) order.emplace_back(sample.time, order.size());
  std::ranges::sort(order);
  std::vector<ml::Sample> sorted;
  sorted.reserve(samples.size());
  for (const auto& [time, index] : order) sorted.push_back(samples[index]);
  return sorted;
}

json::array ToJson(const std::vector<ml::AnomalySpan>& anomalies) {
  json::array list;
  for (const auto& anomaly : anomalies) {
    json::object object;
    object["time"] = FormatRfc3339(anomaly.worst);
    object["started_at"] = FormatRfc3339(anomaly.start);
    object["ended_at"] = FormatRfc3339(anomaly.end);
    object["value"] = anomaly.value;
    object["expected_value"] = anomaly.expected;
    object["lower"] = anomaly.lower;
    object["upper"] = anomaly.upper;
    object["anomaly_score"] = anomaly.score;
    object["severity"] = ml::SeverityName(anomaly.severity);
    json::array kinds;
    for (const auto kind : kKinds) {
      if (anomaly.Has(kind)) kinds.emplace_back(ml::AnomalyKindName(kind));
    }
    object["kinds"] = std::move(kinds);
    list.push_back(std::move(object));
  }
  return list;
}

json::array ToJson(const std::vector<ml::Sample>& samples, const std::vector<ml::Detection>& detections) {
  json::array list;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const auto kind : kSignals) {
      if (!detections[i].Has(kind)) continue;
      json::object object;
      object["time"] = FormatRfc3339(samples[i].time);
      object["kind"] = ml::AnomalyKindName(kind);
      if (kind == ml::AnomalyKind::kMissingData) object["missing_samples"] = detections[i].missing;
      list.push_back(std::move(object));
    }
  }
  return list;
}

std::string ToText(const std::vector<ml::Sample>& samples, const std::vector<ml::Detection>& detections,
                   const std::vector<ml::AnomalySpan>& anomalies) {
  std::string text = fmt::format("{} samples, {} anomalies\n", samples.size(), anomalies.size());
  if (!anomalies.empty()) {
    text += fmt::format("{:<22}{:<22}{:>9}{:>7}{:>14}{:>14}   {}\n", "start", "end", "severity", "score", "value",
                        "expected", "kinds");
  }
  for (const auto& anomaly : anomalies) {
    std::string kinds;
    for (const auto kind : kKinds) {
      if (anomaly.Has(kind)) kinds += fmt::format("{}{}", kinds.empty() ? "" : " ", ml::AnomalyKindName(kind));
    }
    text += fmt::format("{:<22}{:<22}{:>9}{:>7.2f}{:>14.6g}{:>14.6g}   {}\n", FormatRfc3339(anomaly.start),
                        FormatRfc3339(anomaly.end), ml::SeverityName(anomaly.severity), anomaly.score, anomaly.value,
                        anomaly.expected, kinds);
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const auto kind : kSignals) {
      if (detections[i].Has(kind)) {
        text += fmt::format("{:<22}{}\n", FormatRfc3339(samples[i].time), ml::AnomalyKindName(kind));
      }
    }
  }
  return text;
}

}  // namespace

Result<std::string> RunDetect(const DetectOptions& options) {
  HELIOS_TRY(const auto history, ReadHistory(options.file));
  HELIOS_TRY(const auto detector, ml::Detector::Make({}, options.sensitivity));
  const auto samples = Sorted(history);
  ml::DetectorState state;
  std::vector<ml::Detection> detections;
  detections.reserve(samples.size());
  for (const auto& sample : samples) detections.push_back(detector.Score(state, sample));
  const auto anomalies = ml::MergeAnomalies(samples, detections);
  if (!options.plot.empty()) {
    HELIOS_CHECK(WriteFileAtomically(options.plot, DrawDetections(samples, detections, anomalies), 0644));
  }
  if (!options.json) return ToText(samples, detections, anomalies);
  json::object object;
  object["samples"] = samples.size();
  object["anomalies"] = ToJson(anomalies);
  object["signals"] = ToJson(samples, detections);
  return json::serialize(object) + "\n";
}

}  // namespace helios::workbench
