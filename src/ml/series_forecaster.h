// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "ml/forecast.h"
#include "ml/named_forecaster.h"

namespace helios::ml {

/// Whatever serves a series: a FittedForecaster, or a NamedForecaster. Members are those of both. Move-only.
class SeriesForecaster {
 public:
  explicit SeriesForecaster(FittedForecaster fitted) : forecaster_(std::move(fitted)) {}
  explicit SeriesForecaster(NamedForecaster named) : forecaster_(std::move(named)) {}

  /// From the part of a series in an artifact, of either kind.
  /// Errors: those of FittedForecaster::Restore() and NamedForecaster::Restore().
  [[nodiscard]] static Result<SeriesForecaster> Restore(std::string_view part, std::span<const Sample> history);

  [[nodiscard]] Result<SeriesForecast> Forecast(std::span<const std::chrono::minutes> horizons, double level) const;
  [[nodiscard]] Result<void> Append(std::span<const Sample> newer);
  [[nodiscard]] Result<std::string> Save() const;
  [[nodiscard]] TimestampMs origin() const;
  /// kNamed for a NamedForecaster.
  [[nodiscard]] ModelType model_type() const;

 private:
  std::variant<FittedForecaster, NamedForecaster> forecaster_;
};

}  // namespace helios::ml
