// SPDX-License-Identifier: Apache-2.0
#include "workbench/named_forecasters.h"

#include <chrono>
#include <utility>

#include "ml/fitted_model.h"

namespace helios::workbench {
namespace {

Result<ml::IntervalForecast> Forecast(ml::NamedModel model, std::span<const double> history, std::size_t day,
                                      std::size_t steps, double level) {
  // Which day it is does not matter to these models: a season is a season.
  const ml::RegularHistory regular{
      .first = {}, .step = std::chrono::milliseconds{std::chrono::days{1}} / static_cast<long>(day), .values = history};
  HELIOS_TRY(const auto fitted, ml::FitModel(model, regular, {}));
  HELIOS_TRY(auto forecast, fitted->Forecast(steps, std::vector{0.5 * (1.0 - level), 0.5 * (1.0 + level)}));
  return ml::IntervalForecast{.value = std::move(forecast.value),
                              .lower = std::move(forecast.quantiles[0]),
                              .upper = std::move(forecast.quantiles[1])};
}

}  // namespace

std::vector<NamedForecaster> NamedForecasters() {
  std::vector<NamedForecaster> forecasters;
  for (const auto model : ml::kNamedModels) {
    forecasters.push_back({std::string(ml::NamedModelName(model)),
                           [model](std::span<const double> history, std::size_t day, std::size_t steps, double level) {
                             return Forecast(model, history, day, steps, level);
                           }});
  }
  return forecasters;
}

}  // namespace helios::workbench
