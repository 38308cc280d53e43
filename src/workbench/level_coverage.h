// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "workbench/regular_series.h"

namespace helios::workbench {

/// Levels whose coverage a backtest measures.
inline constexpr std::array kCoverageLevels = {0.5, 0.8, 0.9, 0.95, 0.99};

/// Share of values inside intervals of each of kCoverageLevels, 0 to 1.
struct LevelCoverage {
  std::array<double, kCoverageLevels.size()> hour{};
  std::array<double, kCoverageLevels.size()> day{};
};

/// How much of what came after each of BacktestOrigins() lay inside the intervals of ml::EnsembleForecaster, fitted to
/// the history before it alone: in the first hour (at least four steps) and in the day, as means over the origins.
/// Origins where the values do not differ from those a day before are left out, as in ScoreSeries().
/// Errors: those of ml::EnsembleForecaster::Fit().
[[nodiscard]] Result<LevelCoverage> MeasureLevels(const RegularSeries& series);

/// Means over series that count alike; zeros for none.
[[nodiscard]] LevelCoverage MeanCoverage(std::span<const LevelCoverage> series);

/// A table with a row for each level, in per cent.
[[nodiscard]] std::string RenderLevels(const LevelCoverage& coverage);

}  // namespace helios::workbench
