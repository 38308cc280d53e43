// SPDX-License-Identifier: Apache-2.0
#include "workbench/chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <ranges>
#include <string_view>
#include <utility>

#include "workbench/chart_axes.h"

namespace helios::workbench {
namespace {

constexpr double kWidth = 1200.0;
constexpr double kHeight = 440.0;
constexpr double kLeft = 76.0;
constexpr double kRight = 1134.0;
constexpr double kTop = 84.0;
constexpr double kBottom = 376.0;
/// Nothing larger is drawn, so that no difference overflows.
constexpr double kLargest = 1e300;
/// Room that a label needs inside a band, and half of its width.
constexpr double kLabelHeight = 17.0;
constexpr double kHalfLabel = 20.0;

constexpr std::string_view kStyle = R"(<style>
.hc-ground{fill:#fff}.hc-ink{fill:#1b2733}.hc-soft{fill:#5b6875}
.hc-grid{stroke:#e4e9ef;stroke-width:1}.hc-axis{stroke:#9aa7b4;stroke-width:1}
.hc-line{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.hc-line.hc-measured{stroke:#24517d}.hc-line.hc-forecast{stroke:#c2410c}.hc-line.hc-expected{stroke:#24517d}
.hc-band{stroke:none;fill-opacity:.2}.hc-band.hc-forecast{fill:#f0732e}.hc-band.hc-expected{fill:#4c8fd0}
.hc-label{fill:#9a3412;font-weight:600}.hc-span{fill:#dc2626;fill-opacity:.28}
.hc-mark{stroke:#5b6875;stroke-width:1;stroke-dasharray:4 4}
@media (prefers-color-scheme:dark){
.hc-ground{fill:#12181f}.hc-ink{fill:#e8edf2}.hc-soft{fill:#9fadba}
.hc-grid{stroke:#26303a}.hc-axis{stroke:#5b6875}
.hc-line.hc-measured{stroke:#8cc2f5}.hc-line.hc-forecast{stroke:#fb923c}.hc-line.hc-expected{stroke:#8cc2f5}
.hc-band{fill-opacity:.25}.hc-label{fill:#fdba74}.hc-span{fill:#f87171;fill-opacity:.35}.hc-mark{stroke:#9fadba}}
</style>
)";

std::string_view ClassOf(ChartRole role) {
  switch (role) {
    case ChartRole::kMeasured: return "hc-measured";
    case ChartRole::kForecast: return "hc-forecast";
    case ChartRole::kExpected: return "hc-expected";
  }
  return "";
}

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&': escaped += "&amp;"; break;
      case '<': escaped += "&lt;"; break;
      case '>': escaped += "&gt;"; break;
      case '"': escaped += "&quot;"; break;
      default: escaped += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return escaped;
}

std::string Words(double x, double y, std::string_view classes, std::string_view anchor, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\" text-anchor=\"{}\">{}</text>\n", x, y, classes,
                     anchor, Escaped(text));
}

/// The least and the largest of what was shown to it.
struct Extent {
  double least = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();

  void Take(double value) {
    if (!std::isfinite(value)) return;
    least = std::min(least, std::clamp(value, -kLargest, kLargest));
    most = std::max(most, std::clamp(value, -kLargest, kLargest));
  }
  [[nodiscard]] bool empty() const { return most < least; }
};

Extent ValuesOf(const Chart& chart) {
  Extent values;
  for (const auto& line : chart.lines) {
    for (const auto& point : line.points) values.Take(point.value);
  }
  Extent bands;
  for (const auto& band : chart.bands) {
    for (const auto& range : band.ranges) {
      bands.Take(range.lower);
      bands.Take(range.upper);
    }
  }
  if (bands.empty()) return values;
  const double reach = values.empty() || values.least == values.most ? std::numeric_limits<double>::infinity()
                                                                     : chart.band_reach * (values.most - values.least);
  Extent all = values;
  all.Take(std::max(bands.least, std::max(-kLargest, values.least - reach)));
  all.Take(std::min(bands.most, std::min(kLargest, values.most + reach)));
  return all;
}

Extent TimesOf(const Chart& chart) {
  Extent times;
  for (const auto& line : chart.lines) {
    for (const auto& point : line.points) times.Take(point.time);
  }
  for (const auto& band : chart.bands) {
    for (const auto& range : band.ranges) times.Take(range.time);
  }
  return times;
}

/// Draws into one SVG, on axes that are fixed beforehand.
class Drawing {
 public:
  Drawing(const Extent& times, const Extent& values)
      : first_(times.least), last_(times.most), axis_(MakeValueAxis(values.least, values.most)) {
    if (!(last_ > first_)) {  // a single time: in the middle of two minutes
      first_ -= 60'000.0;
      last_ += 60'000.0;
    }
  }

  [[nodiscard]] double X(double time) const {
    return std::clamp(kLeft + (kRight - kLeft) * (time - first_) / (last_ - first_), kLeft, kRight);
  }
  [[nodiscard]] double Y(double value) const {
    const double share = (std::clamp(value, -kLargest, kLargest) - axis_.least) / (axis_.most - axis_.least);
    return kBottom - (kBottom - kTop) * std::clamp(share, 0.0, 1.0);
  }

  void Axes(std::string_view unit) {
    for (const auto& tick : axis_.ticks) {
      const double y = Y(tick.at);
      svg += fmt::format("<line x1=\"{}\" y1=\"{:.1f}\" x2=\"{}\" y2=\"{:.1f}\" class=\"hc-grid\"/>\n", kLeft, y,
                         kRight, y);
      svg += Words(kLeft - 8.0, y + 4.0, "hc-soft", "end", tick.label);
    }
    svg +=
        fmt::format("<line x1=\"{0}\" y1=\"{1}\" x2=\"{2}\" y2=\"{1}\" class=\"hc-axis\"/>\n", kLeft, kBottom, kRight);
    for (const auto& tick : TimeTicks(first_, last_, 12)) {
      const double x = X(tick.at);
      svg += fmt::format("<line x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\" class=\"hc-axis\"/>\n", x, kBottom,
                         kBottom + 5.0);
      svg += Words(x, kBottom + 20.0, "hc-soft", "middle", tick.label);
      if (!tick.below.empty()) svg += Words(x, kBottom + 36.0, "hc-ink", "middle", tick.below);
    }
    svg += Words(kRight, kBottom + 54.0, "hc-soft", "end", "time, UTC");
    svg += Words(kLeft, kTop - 10.0, "hc-soft", "start", unit);
  }

  void Span(const ChartSpan& span) {
    const double from = X(span.from) - 1.0;
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" class=\"hc-span\"><title>{}</title></rect>\n", from,
        kTop, std::max(2.0, X(span.to) + 1.0 - from), kBottom - kTop, Escaped(span.words));
  }

  void Band(const ChartBand& band) {
    std::string path;
    std::vector<ChartRange> part;
    const auto close = [&] {
      for (std::size_t i = 0; i < part.size(); ++i) Step(path, i == 0, part[i].time, part[i].upper);
      for (const auto& range : part | std::views::reverse) Step(path, false, range.time, range.lower);
      if (!part.empty()) path += "Z";
      part.clear();
    };
    for (const auto& range : band.ranges) {
      if (!std::isfinite(range.lower) || !std::isfinite(range.upper)) {
        close();
      } else if (!part.empty() && std::floor(X(part.back().time)) == std::floor(X(range.time))) {
        part.back().lower = std::min(part.back().lower, range.lower);
        part.back().upper = std::max(part.back().upper, range.upper);
      } else {
        part.push_back(range);
      }
    }
    close();
    svg += fmt::format("<path d=\"{}\" class=\"hc-band {}\"/>\n", path, ClassOf(band.role));
  }

  void Line(const ChartLine& line) {
    std::string path;
    bool pen_up = true;
    const auto& points = line.points;
    for (std::size_t i = 0; i < points.size();) {
      if (!std::isfinite(points[i].value)) {
        pen_up = true;
        ++i;
        continue;
      }
      // One column of pixels: its first value, its extremes, its last one.
      const double column = std::floor(X(points[i].time));
      std::size_t least = i;
      std::size_t most = i;
      std::size_t end = i;
      for (; end < points.size() && std::isfinite(points[end].value) && std::floor(X(points[end].time)) == column;
           ++end) {
        if (points[end].value < points[least].value) least = end;
        if (points[end].value > points[most].value) most = end;
      }
      std::vector<std::size_t> kept = {i, std::min(least, most), std::max(least, most), end - 1};
      kept.erase(std::ranges::unique(kept).begin(), kept.end());
      for (const auto k : kept) {
        Step(path, pen_up, points[k].time, points[k].value);
        pen_up = false;
      }
      i = end;
      if (i == points.size() || !std::isfinite(points[i].value)) path += "h0";  // a lone value is a dot
    }
    svg += fmt::format("<path d=\"{}\" class=\"hc-line {}\"/>\n", path, ClassOf(line.role));
  }

  /// Writes a band's label on it, where there is most room above `inner`: what is drawn within it, as upper edges at
  /// the band's own times. Where there is none, beside it.
  void Label(const ChartBand& band, const std::vector<double>& inner) {
    if (band.label.empty() || band.ranges.empty()) return;
    double best = kLabelHeight;
    double place = 0.0;
    double height = 0.0;
    for (std::size_t i = 0; i < inner.size(); ++i) {
      const double x = X(band.ranges[i].time);
      double top = kTop;
      double bottom = kBottom;
      for (std::size_t k = i; k-- > 0 && x - X(band.ranges[k].time) <= kHalfLabel;) Narrow(top, bottom, band, inner, k);
      for (std::size_t k = i; k < inner.size() && X(band.ranges[k].time) - x <= kHalfLabel; ++k) {
        Narrow(top, bottom, band, inner, k);
      }
      if (bottom - top > best && x + kHalfLabel <= kRight && x - kHalfLabel >= X(band.ranges.front().time)) {
        best = bottom - top;
        place = x;
        height = 0.5 * (top + bottom) + 4.0;
      }
    }
    if (best > kLabelHeight) {
      svg += Words(place, height, "hc-label", "middle", band.label);
      return;
    }
    beside_ = std::max(Y(band.ranges.back().upper) + 4.0, beside_ + 14.0);
    svg += Words(kRight + 6.0, beside_, "hc-label", "start", band.label);
  }

  void Mark(const ChartMark& mark) {
    const double x = X(mark.time);
    svg += fmt::format("<line x1=\"{0:.1f}\" y1=\"{1}\" x2=\"{0:.1f}\" y2=\"{2}\" class=\"hc-mark\"/>\n", x, kTop,
                       kBottom);
    svg += Words(x - 6.0, kTop + 12.0, "hc-soft", "end", mark.words);
  }

  std::string svg;

 private:
  void Step(std::string& path, bool pen_up, double time, double value) const {
    path += fmt::format("{}{:.1f} {:.1f}", pen_up ? 'M' : 'L', X(time), Y(value));
  }

  void Narrow(double& top, double& bottom, const ChartBand& band, const std::vector<double>& inner,
              std::size_t k) const {
    top = std::max(top, Y(band.ranges[k].upper));
    bottom = std::min(bottom, Y(inner[k]));
  }

  double first_;
  double last_;
  ValueAxis axis_;
  double beside_ = 0.0;
};

/// At the right end, above the drawing.
std::string Legend(const Chart& chart) {
  std::vector<std::pair<std::string_view, std::string>> entries;
  for (const auto& line : chart.lines) {
    entries.emplace_back(line.name, fmt::format("<path d=\"M0 6h24\" class=\"hc-line {}\"/>", ClassOf(line.role)));
  }
  std::string band_swatch;  // a band within another is seen through both
  for (const auto& band : chart.bands) {
    band_swatch += fmt::format("<rect width=\"24\" height=\"12\" class=\"hc-band {}\"/>", ClassOf(band.role));
    entries.emplace_back(band.name, band_swatch);
  }
  if (!chart.spans.empty()) {
    entries.emplace_back(chart.spans_name, "<rect width=\"24\" height=\"12\" class=\"hc-span\"/>");
  }
  // Widths of letters differ; seven pixels is what one of this size takes, on average.
  const auto width = [](std::string_view name) { return 7.0 * static_cast<double>(name.size()) + 46.0; };
  double x = kRight + 16.0;
  for (const auto& [name, swatch] : entries) x -= width(name);
  std::string svg;
  for (const auto& [name, swatch] : entries) {
    svg += fmt::format("<g transform=\"translate({:.1f} {})\">{}</g>\n", x, kTop - 20.0, swatch);
    svg += Words(x + 30.0, kTop - 10.0, "hc-soft", "start", name);
    x += width(name);
  }
  return svg;
}

/// Of what is drawn within band `index`, at its times: the upper edge of the next band, or the last line.
std::vector<double> WithinBand(const Chart& chart, std::size_t index) {
  std::vector<double> inner;
  const auto& ranges = chart.bands[index].ranges;
  if (index + 1 < chart.bands.size() && chart.bands[index + 1].ranges.size() == ranges.size()) {
    for (const auto& range : chart.bands[index + 1].ranges) inner.push_back(range.upper);
  } else if (!chart.lines.empty() && chart.lines.back().points.size() == ranges.size()) {
    for (const auto& point : chart.lines.back().points) inner.push_back(point.value);
  }
  return inner;
}

}  // namespace

std::string DrawChart(const Chart& chart) {
  std::string svg = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\" width=\"{0}\" height=\"{1}\" role=\"img\" "
      "font-family=\"system-ui, sans-serif\" font-size=\"12\">\n<title>{2}</title>\n{3}"
      "<rect width=\"{0}\" height=\"{1}\" class=\"hc-ground\"/>\n"
      "<text x=\"{4}\" y=\"28\" class=\"hc-ink\" font-size=\"17\" font-weight=\"600\">{2}</text>\n",
      kWidth, kHeight, Escaped(chart.title), kStyle, kLeft);
  svg += Words(kLeft, 48.0, "hc-soft", "start", chart.note);
  const Extent times = TimesOf(chart);
  const Extent values = ValuesOf(chart);
  if (times.empty() || values.empty())
    return svg + Words(kLeft, kTop + 40.0, "hc-ink", "start", "no values") + "</svg>\n";

  Drawing drawing(times, values);
  drawing.Axes(chart.unit);
  for (const auto& span : chart.spans) drawing.Span(span);
  for (const auto& band : chart.bands) drawing.Band(band);
  for (const auto& line : chart.lines) drawing.Line(line);
  if (chart.mark) drawing.Mark(*chart.mark);
  for (std::size_t i = 0; i < chart.bands.size(); ++i) {
    drawing.Label(chart.bands[i], WithinBand(chart, i));
  }
  return svg + drawing.svg + Legend(chart) + "</svg>\n";
}

}  // namespace helios::workbench
