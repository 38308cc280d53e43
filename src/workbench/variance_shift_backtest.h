// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "base/result.h"
#include "workbench/regular_series.h"

namespace helios::workbench {

/// How long before the origin a series began to scatter more: from at the origin to a day.
inline constexpr std::array kShiftAges = {std::chrono::hours{0},  std::chrono::hours{3},  std::chrono::hours{6},
                                          std::chrono::hours{12}, std::chrono::hours{18}, std::chrono::hours{24}};

/// What 95 % intervals held after a shift of each of kShiftAges, 0 to 1.
struct ShiftCoverage {
  std::array<double, kShiftAges.size()> hour{};
  std::array<double, kShiftAges.size()> day{};
};

/// As MeasureLevels(), of a series to which independent normal noise is added, of a standard deviation of 1.2 times the
/// history's mean absolute difference between a day and the next: to the last hours of each history and to the day that
/// is forecast. The same noise each time. Errors: those of ml::EnsembleForecaster::Fit().
[[nodiscard]] Result<ShiftCoverage> MeasureVarianceShift(const RegularSeries& series);

/// Means over series that count alike; zeros for none.
[[nodiscard]] ShiftCoverage MeanCoverage(std::span<const ShiftCoverage> series);

/// A table with a row for each age, in per cent.
[[nodiscard]] std::string RenderShift(const ShiftCoverage& coverage);

}  // namespace helios::workbench
