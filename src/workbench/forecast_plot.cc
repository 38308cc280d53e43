// SPDX-License-Identifier: Apache-2.0
#include "workbench/forecast_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "workbench/chart.h"
#include "workbench/duration_text.h"

namespace helios::workbench {
namespace {

constexpr int kShownHistory = 3;      // forecasts
constexpr int kLeastShownSteps = 48;  // of history

double Ms(TimestampMs time) {
  return static_cast<double>(ToUnixMs(time));
}

}  // namespace

std::string DrawForecast(const PlotTexts& texts, std::span<const ml::Sample> history, const LevelForecast& forecast,
                         std::span<const double> levels) {
  const auto& summary = forecast.summary;
  const auto grid = ml::ToGrid(history, std::min(ml::InferStep(history), summary.step), summary.step);
  const auto& last = forecast.line.front().back();
  const auto shown = std::max(kShownHistory * (last.time - summary.origin), kLeastShownSteps * summary.step);

  Chart chart;
  chart.title = texts.title;
  chart.unit = texts.unit.empty() ? "value" : texts.unit;
  chart.note = fmt::format("Forecast by {}, from {} samples over {}; values are means of {}", forecast.model,
                           summary.history_samples, DurationText(summary.history_span), DurationText(summary.step));
  chart.mark = ChartMark{.time = Ms(summary.origin), .words = "newest sample"};
  ChartLine measured{.name = "measured", .role = ChartRole::kMeasured, .points = {}};
  for (std::size_t i = 0; i < grid.values.size(); ++i) {
    if (grid.TimeAt(i) >= summary.origin - shown) measured.points.push_back({Ms(grid.TimeAt(i)), grid.values[i]});
  }
  const ChartPoint now = measured.points.back();

  std::vector<std::size_t> widest_first(levels.size());
  std::iota(widest_first.begin(), widest_first.end(), std::size_t{0});
  std::ranges::sort(widest_first, std::greater(), [&](std::size_t i) { return levels[i]; });
  for (const auto i : widest_first) {
    const std::string level = fmt::format("{:.4g} %", 100.0 * levels[i]);
    ChartBand band{.name = level + " interval", .label = level, .role = ChartRole::kForecast, .ranges = {}};
    band.ranges.push_back({now.time, now.value, now.value});
    for (const auto& point : forecast.line[i]) band.ranges.push_back({Ms(point.time), point.lower, point.upper});
    chart.bands.push_back(std::move(band));
  }
  ChartLine ahead{.name = "forecast", .role = ChartRole::kForecast, .points = {now}};
  for (const auto& point : forecast.line.front()) ahead.points.push_back({Ms(point.time), point.value});
  chart.lines = {std::move(measured), std::move(ahead)};
  return DrawChart(chart);
}

}  // namespace helios::workbench
