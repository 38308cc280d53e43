// SPDX-License-Identifier: Apache-2.0
#include "ml/series_forecaster.h"

#include "ml/model_parts.h"

namespace helios::ml {

Result<SeriesForecaster> SeriesForecaster::Restore(std::string_view part, std::span<const Sample> history) {
  HELIOS_TRY(const PartKind kind, ReadPartKind(part));
  if (kind == PartKind::kNamedForecaster) {
    HELIOS_TRY(auto named, NamedForecaster::Restore(part, history));
    return SeriesForecaster(std::move(named));
  }
  HELIOS_TRY(auto fitted, FittedForecaster::Restore(part, history));
  return SeriesForecaster(std::move(fitted));
}

Result<SeriesForecast> SeriesForecaster::Forecast(std::span<const std::chrono::minutes> horizons, double level) const {
  return std::visit([&](const auto& forecaster) { return forecaster.Forecast(horizons, level); }, forecaster_);
}

Result<void> SeriesForecaster::Append(std::span<const Sample> newer) {
  return std::visit([&](auto& forecaster) { return forecaster.Append(newer); }, forecaster_);
}

Result<std::string> SeriesForecaster::Save() const {
  return std::visit([](const auto& forecaster) -> Result<std::string> { return forecaster.Save(); }, forecaster_);
}

TimestampMs SeriesForecaster::origin() const {
  return std::visit([](const auto& forecaster) { return forecaster.origin(); }, forecaster_);
}

ModelType SeriesForecaster::model_type() const {
  const auto* const fitted = std::get_if<FittedForecaster>(&forecaster_);
  return fitted != nullptr ? fitted->model_type() : ModelType::kNamed;
}

}  // namespace helios::ml
