// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "workbench/series_forecaster.h"

namespace helios::workbench {

struct PlotTexts {
  std::string title;
  std::string unit;  ///< empty: "value"
};

/// An SVG of a forecast with its line (ForecastRequest::line) and a band for each of `levels`, behind the end of the
/// history it stands on: three times as long as the forecast and at least 48 steps, averaged to the model's step as the
/// forecast is; gaps as gaps.
[[nodiscard]] std::string DrawForecast(const PlotTexts& texts, std::span<const ml::Sample> history,
                                       const LevelForecast& forecast, std::span<const double> levels);

}  // namespace helios::workbench
