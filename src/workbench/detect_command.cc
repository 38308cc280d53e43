// SPDX-License-Identifier: Apache-2.0
#include "workbench/detect_command.h"

#include <boost/json/object.hpp>
#include <vector>

#include "base/file.h"
#include "http/json.h"
#include "ml/history_detections.h"
#include "wire/anomalies_json.h"
#include "workbench/detect_plot.h"
#include "workbench/history_file.h"

namespace helios::workbench {
namespace {

std::string ToText(const std::vector<ml::Sample>& samples, const std::vector<ml::Detection>& detections,
                   const std::vector<ml::AnomalySpan>& anomalies) {
  std::string text =
      fmt::format("{} samples, {} anomal{}\n", samples.size(), anomalies.size(), anomalies.size() == 1 ? "y" : "ies");
  if (!anomalies.empty()) {
    text += fmt::format("{:<22}{:<22}{:>9}{:>7}{:>14}{:>14}   {}\n", "start", "end", "severity", "score", "value",
                        "expected", "kinds");
  }
  for (const auto& anomaly : anomalies) {
    std::string kinds;
    for (const auto kind : ml::kAnomalyKinds) {
      if (anomaly.Has(kind)) kinds += fmt::format("{}{}", kinds.empty() ? "" : " ", ml::AnomalyKindName(kind));
    }
    text += fmt::format("{:<22}{:<22}{:>9}{:>7.2f}{:>14.6g}{:>14.6g}   {}\n", FormatRfc3339(anomaly.start),
                        FormatRfc3339(anomaly.end), ml::SeverityName(anomaly.severity), anomaly.score, anomaly.value,
                        anomaly.expected, kinds);
  }
  for (std::size_t i = 0; i < samples.size(); ++i) {
    for (const auto kind : ml::kSignalKinds) {
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
  const auto found = ml::DetectHistory(detector, history);
  if (!options.plot.empty()) {
    HELIOS_CHECK(WriteFileAtomically(options.plot, DrawDetections(options.file.filename().string(), found), 0644));
  }
  if (!options.json) return ToText(found.samples, found.detections, found.anomalies);
  return http::JsonBytes(boost::json::object{{"samples", found.samples.size()},
                                             {"anomalies", wire::AnomaliesJson(found.anomalies)},
                                             {"signals", wire::SignalsJson(found.samples, found.detections)}}) +
         "\n";
}

}  // namespace helios::workbench
