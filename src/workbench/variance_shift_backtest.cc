// SPDX-License-Identifier: Apache-2.0
#include "workbench/variance_shift_backtest.h"

#include <algorithm>
#include <vector>

#include "ml/ensemble_forecaster.h"
#include "ml/synthetic_series.h"
#include "workbench/backtest_scores.h"

namespace helios::workbench {
namespace {

constexpr double kNoise = 1.2;

}  // namespace

Result<ShiftCoverage> MeasureVarianceShift(const RegularSeries& series) {
  const auto day = static_cast<std::size_t>(std::chrono::seconds{std::chrono::days{1}} / series.step);
  const std::size_t hour = HourSteps(day);
  std::vector<ShiftCoverage> origins;
  for (const std::size_t origin : BacktestOrigins(series)) {
    const auto history = BacktestHistory(series, origin);
    const double scale = ml::SeasonalNaiveScale(history, day);
    if (!(scale > 0.0)) continue;
    // Of the day before the origin, and the day after it.
    const auto noise =
        ml::SyntheticSeries{.samples = 2 * day, .level = 0.0, .noise = kNoise * scale, .seed = origin}.Make();
    std::vector<double> actual;
    for (std::size_t h = 0; h < day; ++h) actual.push_back(series.values[origin + h] + noise[day + h].value);
    auto& coverage = origins.emplace_back();
    for (std::size_t i = 0; i < kShiftAges.size(); ++i) {
      const auto noisy = std::min(day, static_cast<std::size_t>(kShiftAges[i] / series.step));
      std::vector<double> values(history.begin(), history.end());
      for (std::size_t back = 1; back <= noisy; ++back) values[values.size() - back] += noise[day - back].value;
      HELIOS_TRY(const auto fitted, ml::EnsembleForecaster::Fit(values, day));
      const auto forecast = fitted.Forecast(day, kBacktestLevel);
      coverage.hour[i] = ml::ScoreForecast(actual, forecast, hour, scale, kBacktestLevel).coverage;
      coverage.day[i] = ml::ScoreForecast(actual, forecast, day, scale, kBacktestLevel).coverage;
    }
  }
  return MeanCoverage(origins);
}

ShiftCoverage MeanCoverage(std::span<const ShiftCoverage> series) {
  ShiftCoverage mean;
  for (const auto& one : series) {
    for (std::size_t i = 0; i < kShiftAges.size(); ++i) {
      mean.hour[i] += one.hour[i] / static_cast<double>(series.size());
      mean.day[i] += one.day[i] / static_cast<double>(series.size());
    }
  }
  return mean;
}

std::string RenderShift(const ShiftCoverage& coverage) {
  std::string text = "shift h ago   60 min %   24 h %\n";
  for (std::size_t i = 0; i < kShiftAges.size(); ++i) {
    text += fmt::format("{:>11} {:>10.1f} {:>8.1f}\n", kShiftAges[i].count(), 100.0 * coverage.hour[i],
                        100.0 * coverage.day[i]);
  }
  return text;
}

}  // namespace helios::workbench
