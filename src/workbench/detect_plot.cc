// SPDX-License-Identifier: Apache-2.0
#include "workbench/detect_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ranges>
#include <vector>

namespace helios::workbench {
namespace {

constexpr double kWidth = 1200.0;
constexpr double kHeight = 360.0;
constexpr double kMargin = 50.0;
constexpr std::size_t kColumns = 1'100;

/// What one column of pixels shows.
struct Column {
  double time = 0.0;  // Unix ms of its first sample
  double least = 0.0;
  double most = 0.0;
  double lower = 0.0;
  double upper = 0.0;
};

std::vector<Column> ColumnsOf(std::span<const ml::Sample> samples, std::span<const ml::Detection> detections) {
  std::vector<std::size_t> scored;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (detections[i].scored) scored.push_back(i);
  }
  std::vector<Column> columns;
  const std::size_t each = std::max<std::size_t>(1, (scored.size() + kColumns - 1) / kColumns);
  for (std::size_t from = 0; from < scored.size(); from += each) {
    Column column;
    for (std::size_t k = from; k < std::min(from + each, scored.size()); ++k) {
      const auto& sample = samples[scored[k]];
      const auto& detection = detections[scored[k]];
      if (k == from) {
        column = {static_cast<double>(ToUnixMs(sample.time)), sample.value, sample.value, detection.lower,
                  detection.upper};
      }
      column.least = std::min(column.least, sample.value);
      column.most = std::max(column.most, sample.value);
      column.lower = std::min(column.lower, detection.lower);
      column.upper = std::max(column.upper, detection.upper);
    }
    columns.push_back(column);
  }
  return columns;
}

/// From a series' time and value to a place in the drawing.
class Scale {
 public:
  explicit Scale(const std::vector<Column>& columns) {
    first_ = columns.front().time;
    span_ = std::max(1.0, columns.back().time - first_);
    least_ = columns.front().least;
    most_ = columns.front().most;
    for (const auto& column : columns) {
      least_ = std::min(least_, column.least);
      most_ = std::max(most_, column.most);
    }
    // Halved first, so that the widest range there is does not overflow.
    half_range_ = std::max(0.5 * most_ - 0.5 * least_, 1e-300);
  }

  [[nodiscard]] double X(double time) const {
    return std::clamp(kMargin + (kWidth - 2.0 * kMargin) * (time - first_) / span_, kMargin, kWidth - kMargin);
  }
  [[nodiscard]] double Y(double value) const {
    const double share = std::clamp((0.5 * value - 0.5 * least_) / half_range_, 0.0, 1.0);
    return kHeight - kMargin - (kHeight - 2.0 * kMargin) * share;
  }
  [[nodiscard]] double least() const { return least_; }
  [[nodiscard]] double most() const { return most_; }

 private:
  double first_ = 0.0;
  double span_ = 1.0;
  double least_ = 0.0;
  double most_ = 0.0;
  double half_range_ = 1.0;
};

}  // namespace

std::string DrawDetections(std::span<const ml::Sample> samples, std::span<const ml::Detection> detections,
                           std::span<const ml::AnomalySpan> anomalies) {
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" "
      "font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"{0}\" height=\"{1}\" fill=\"white\"/>\n",
      kWidth, kHeight);
  const auto columns = ColumnsOf(samples, detections);
  if (columns.empty()) return svg + "<text x=\"50\" y=\"50\">no samples</text>\n</svg>\n";
  const Scale scale(columns);

  for (const auto& anomaly : anomalies) {
    const double from = scale.X(static_cast<double>(ToUnixMs(anomaly.start)));
    const double to = scale.X(static_cast<double>(ToUnixMs(anomaly.end)));
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"#d62728\" fill-opacity=\"0.25\">"
        "<title>{}: score {:.2f}</title></rect>\n",
        from - 1.0, kMargin, to - from + 2.0, kHeight - 2.0 * kMargin, FormatRfc3339(anomaly.start), anomaly.score);
  }
  std::string band;
  for (const auto& column : columns) band += fmt::format("{:.1f},{:.1f} ", scale.X(column.time), scale.Y(column.upper));
  for (const auto& column : columns | std::views::reverse) {
    band += fmt::format("{:.1f},{:.1f} ", scale.X(column.time), scale.Y(column.lower));
  }
  svg += fmt::format("<polygon points=\"{}\" fill=\"#1f77b4\" fill-opacity=\"0.18\"/>\n", band);
  std::string line;
  for (const auto& column : columns) {
    line += fmt::format("{:.1f},{:.1f} ", scale.X(column.time), scale.Y(column.most));
    if (column.least != column.most) {
      line += fmt::format("{:.1f},{:.1f} ", scale.X(column.time), scale.Y(column.least));
    }
  }
  svg += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"#1f3b57\" stroke-width=\"1\"/>\n", line);
  svg += fmt::format("<text x=\"4\" y=\"{:.0f}\">{:.4g}</text>\n<text x=\"4\" y=\"{:.0f}\">{:.4g}</text>\n",
                     kMargin + 4.0, scale.most(), kHeight - kMargin + 4.0, scale.least());
  svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\">{}</text>\n", kMargin, kHeight - kMargin + 20.0,
                     FormatRfc3339(samples.front().time));
  svg += fmt::format("<text x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{}</text>\n", kWidth - kMargin,
                     kHeight - kMargin + 20.0, FormatRfc3339(samples.back().time));
  svg += fmt::format("<text x=\"{:.0f}\" y=\"20\">values, expected range, {} anomalies; times in UTC</text>\n</svg>\n",
                     kMargin, anomalies.size());
  return svg;
}

}  // namespace helios::workbench
