// SPDX-License-Identifier: Apache-2.0
#include "workbench/level_coverage.h"

#include "ml/ensemble_forecaster.h"
#include "workbench/backtest_scores.h"

namespace helios::workbench {

Result<LevelCoverage> MeasureLevels(const RegularSeries& series) {
  const auto day = static_cast<std::size_t>(std::chrono::seconds{std::chrono::days{1}} / series.step);
  const std::size_t hour = HourSteps(day);
  const std::span values(series.values);
  std::vector<LevelCoverage> origins;
  for (const std::size_t origin : BacktestOrigins(series)) {
    const auto history = BacktestHistory(series, origin);
    const double scale = ml::SeasonalNaiveScale(history, day);
    if (!(scale > 0.0)) continue;
    HELIOS_TRY(const auto fitted, ml::EnsembleForecaster::Fit(history, day));
    const auto actual = values.subspan(origin, day);
    auto& coverage = origins.emplace_back();
    for (std::size_t i = 0; i < kCoverageLevels.size(); ++i) {
      const auto forecast = fitted.Forecast(day, kCoverageLevels[i]);
      coverage.hour[i] = ml::ScoreForecast(actual, forecast, hour, scale, kCoverageLevels[i]).coverage;
      coverage.day[i] = ml::ScoreForecast(actual, forecast, day, scale, kCoverageLevels[i]).coverage;
    }
  }
  return MeanCoverage(origins);
}

LevelCoverage MeanCoverage(std::span<const LevelCoverage> series) {
  LevelCoverage mean;
  for (const auto& one : series) {
    for (std::size_t i = 0; i < kCoverageLevels.size(); ++i) {
      mean.hour[i] += one.hour[i] / static_cast<double>(series.size());
      mean.day[i] += one.day[i] / static_cast<double>(series.size());
    }
  }
  return mean;
}

std::string RenderLevels(const LevelCoverage& coverage) {
  std::string text = "level %   60 min %   24 h %\n";
  for (std::size_t i = 0; i < kCoverageLevels.size(); ++i) {
    text += fmt::format("{:>7.4g} {:>10.1f} {:>8.1f}\n", 100.0 * kCoverageLevels[i], 100.0 * coverage.hour[i],
                        100.0 * coverage.day[i]);
  }
  return text;
}

}  // namespace helios::workbench
