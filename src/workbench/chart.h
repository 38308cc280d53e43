// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace helios::workbench {

/// A value at a time in unix milliseconds; NaN breaks the line: a gap is drawn as a gap.
struct ChartPoint {
  double time = 0.0;
  double value = 0.0;
};

/// A range of values at a time; NaN breaks the band.
struct ChartRange {
  double time = 0.0;
  double lower = 0.0;
  double upper = 0.0;
};

enum class ChartRole : std::uint8_t { kMeasured, kForecast, kExpected };

struct ChartLine {
  std::string name;  ///< for the legend
  ChartRole role = ChartRole::kMeasured;
  std::vector<ChartPoint> points;  ///< in order of time
};

struct ChartBand {
  std::string name;   ///< for the legend
  std::string label;  ///< written on it, such as "95 %"; empty for none
  ChartRole role = ChartRole::kForecast;
  std::vector<ChartRange> ranges;  ///< in order of time
};

/// A stretch of time that is marked, with words that show when pointed at.
struct ChartSpan {
  double from = 0.0;
  double to = 0.0;
  std::string words;
};

struct ChartMark {
  double time = 0.0;
  std::string words;
};

/// What a chart over time shows. Texts are plain; drawing escapes them.
struct Chart {
  std::string title;
  std::string note;              ///< one line under the title
  std::string unit;              ///< of the values, at their axis
  std::vector<ChartBand> bands;  ///< drawn first to last, so the widest first
  std::vector<ChartLine> lines;
  std::vector<ChartSpan> spans;
  std::string spans_name;         ///< for the legend
  std::optional<ChartMark> mark;  ///< a vertical line
  /// How far bands may widen the axis beyond the lines, in ranges of the lines; what is beyond is cut off.
  double band_reach = 12.0;
};

/// The chart as SVG, 1200 by 440, with axes, times in UTC and a legend; readable on light and on dark ground, as the
/// viewer prefers. Of many values, each column of pixels keeps its extremes. The same chart gives the same bytes.
[[nodiscard]] std::string DrawChart(const Chart& chart);

}  // namespace helios::workbench
