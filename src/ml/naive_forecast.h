// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <span>

#include "base/time.h"
#include "ml/grid.h"

namespace helios::ml {

/// How a series is guessed: what it was a season ago, or without a season (0), what it is now.
struct NaiveMethod {
  std::chrono::milliseconds step{0};    ///< > 0; a value is the mean over the step that ends at its time
  std::chrono::milliseconds season{0};  ///< a multiple of the step
};

/// Mean of the finite samples within (end - step, end]; none where there are none. `samples` oldest first.
[[nodiscard]] std::optional<double> MeanOfStep(std::span<const Sample> samples, TimestampMs end,
                                               std::chrono::milliseconds step);

/// How far before `time` the value lies that is forecast for it, from what is known at `origin` < `time`: as many whole
/// seasons as it takes; without a season, time - origin.
[[nodiscard]] std::chrono::milliseconds NaiveLag(TimestampMs origin, TimestampMs time, NaiveMethod method);

/// What the method forecasts for `time` at `origin`. A gap a season ago takes the value at the origin; none where that
/// is missing too.
///
/// Source: Hyndman & Athanasopoulos, "Forecasting: Principles and Practice", 3rd ed., section 5.2.
[[nodiscard]] std::optional<double> NaiveForecast(std::span<const Sample> samples, TimestampMs origin, TimestampMs time,
                                                  NaiveMethod method);

/// Half the width of the interval that holds `level` of the values `lag` after what they were forecast by: that
/// quantile of the absolute differences within `samples`, oldest first, rank ceil((n + 1) level) of n, the greatest
/// where that is beyond them. None without a pair of values that far apart.
///
/// Source: Lei et al., "Distribution-free predictive inference for regression", 2018 (the rank).
[[nodiscard]] std::optional<double> NaiveHalfWidth(std::span<const Sample> samples, std::chrono::milliseconds lag,
                                                   std::chrono::milliseconds step, double level);

}  // namespace helios::ml
