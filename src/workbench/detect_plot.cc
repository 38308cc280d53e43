// SPDX-License-Identifier: Apache-2.0
#include "workbench/detect_plot.h"

#include <fmt/format.h>

#include <limits>

#include "workbench/chart.h"

namespace helios::workbench {
namespace {

/// Neighbours farther apart than this many steps are not joined.
constexpr int kGapSteps = 3;
constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

}  // namespace

std::string DrawDetections(std::string_view title, const ml::HistoryDetections& found) {
  Chart chart{.title = std::string(title),
              .note = {},
              .unit = "value",
              .bands = {{.name = "expected range", .label = {}, .role = ChartRole::kExpected, .ranges = {}}},
              .lines = {{.name = "measured", .role = ChartRole::kMeasured, .points = {}}},
              .spans = {},
              .spans_name = "anomaly",
              .mark = std::nullopt,
              .band_reach = 0.5};
  auto& line = chart.lines.front().points;
  auto& band = chart.bands.front().ranges;
  const auto longest = ml::InferStep(found.samples) * kGapSteps;
  std::size_t scored = 0;
  TimestampMs before{};
  for (std::size_t i = 0; i < found.samples.size(); ++i) {
    const auto& [time, value] = found.samples[i];
    const auto& detection = found.detections[i];
    if (!detection.scored) continue;
    const auto ms = static_cast<double>(ToUnixMs(time));
    if (scored++ > 0 && time - before > longest) {
      line.push_back({ms, kNothing});
      band.push_back({ms, kNothing, kNothing});
    }
    before = time;
    line.push_back({ms, value});
    band.push_back({ms, detection.lower, detection.upper});
  }
  for (const auto& anomaly : found.anomalies) {
    chart.spans.push_back({.from = static_cast<double>(ToUnixMs(anomaly.start)),
                           .to = static_cast<double>(ToUnixMs(anomaly.end)),
                           .words = fmt::format("{}: {}, score {:.2f}", FormatRfc3339(anomaly.start),
                                                ml::SeverityName(anomaly.severity), anomaly.score)});
  }
  const std::size_t anomalies = found.anomalies.size();
  chart.note = fmt::format("{} samples, {} anomal{}", scored, anomalies, anomalies == 1 ? "y" : "ies");
  return DrawChart(chart);
}

}  // namespace helios::workbench
