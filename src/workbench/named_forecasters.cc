// SPDX-License-Identifier: Apache-2.0
#include "workbench/named_forecasters.h"

#include <chrono>
#include <memory>
#include <utility>

#include "ml/fitted_model.h"
#include "ml/xgboost_model.h"

namespace helios::workbench {
namespace {

using Fit = std::function<Result<std::unique_ptr<ml::FittedModel>>(const ml::RegularHistory&)>;

Result<ml::IntervalForecast> Forecast(const Fit& fit, std::span<const double> history, std::size_t day,
                                      std::size_t steps, double level) {
  // Which day it is does not matter to these models: a season is a season.
  const ml::RegularHistory regular{
      .first = {}, .step = std::chrono::milliseconds{std::chrono::days{1}} / static_cast<long>(day), .values = history};
  HELIOS_TRY(const auto fitted, fit(regular));
  HELIOS_TRY(auto forecast, fitted->Forecast(steps, std::vector{0.5 * (1.0 - level), 0.5 * (1.0 + level)}));
  return ml::IntervalForecast{.value = std::move(forecast.value),
                              .lower = std::move(forecast.quantiles[0]),
                              .upper = std::move(forecast.quantiles[1])};
}

}  // namespace

std::vector<NamedForecaster> NamedForecasters() {
  std::vector<NamedForecaster> forecasters;
  const auto add = [&](std::string name, Fit fit) {
    forecasters.push_back(
        {std::move(name), [fit = std::move(fit)](std::span<const double> history, std::size_t day, std::size_t steps,
                                                 double level) { return Forecast(fit, history, day, steps, level); }});
  };
  for (const auto model : ml::kNamedModels) {
    add(std::string(ml::NamedModelName(model)),
        [model](const ml::RegularHistory& history) { return ml::FitModel(model, history, {}); });
  }
  if (ml::XgboostModel::Available()) {
    add("xgboost", [](const ml::RegularHistory& history) { return ml::FitXgboost(history, {}); });
  }
  return forecasters;
}

}  // namespace helios::workbench
