// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <span>

#include "detection/anomalies.h"
#include "detection/anomaly_counts.h"
#include "detection/history_scan.h"
#include "detection/incidents.h"

namespace helios::detection {

[[nodiscard]] boost::json::object ToJson(const Anomaly& anomaly);
[[nodiscard]] boost::json::object ToJson(const Incident& incident);
/// The incident with its series ranked: rank 1 is the most telling.
[[nodiscard]] boost::json::object ToJson(const RankedIncident& ranked);

/// One of the answer to POST /detect. `time` is that of its worst sample.
[[nodiscard]] boost::json::object ToJson(const ml::AnomalySpan& span);
/// An empty metric is null: a history that came with the request.
[[nodiscard]] boost::json::object ToJson(const SeriesAnomalies& series);
/// [time, value, expected, lower, upper] of each.
[[nodiscard]] boost::json::array ToJson(const std::vector<JudgedSample>& judged);
[[nodiscard]] boost::json::object ToJson(const StepCount& count);

}  // namespace helios::detection
