// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "inference/withdrawn_forecast.h"

#include <algorithm>

#include "ml/naive_forecast.h"

namespace helios::inference {

void ReplaceWithdrawn(ml::SeriesForecast& forecast, std::span<const WithdrawnHorizon> withdrawn,
                      std::span<const ml::Sample> history, double level) {
  const ml::NaiveMethod method{.step = forecast.step,
                               .season = forecast.step * static_cast<std::int64_t>(forecast.season_length)};
  const bool negative = std::ranges::any_of(history, [](const ml::Sample& sample) { return sample.value < 0; });
  bool all = true;
  for (ml::ForecastPoint& point : forecast.points) {
    if (std::ranges::find(withdrawn, point.horizon, &WithdrawnHorizon::horizon) == withdrawn.end()) {
      all = false;
      continue;
    }
    const auto lag = ml::NaiveLag(forecast.origin, point.time, method);
    const auto value = ml::NaiveForecast(history, forecast.origin, point.time, method);
    if (!value) continue;  // not with a sample at the origin
    // Without values that far apart nothing is known of the error but the model's own interval.
    const double half = ml::NaiveHalfWidth(history, lag, method.step, level).value_or((point.upper - point.lower) / 2);
    point.value = *value;
    point.lower = *value - half;
    point.upper = *value + half;
    if (!negative) point.lower = std::max(0.0, point.lower);
  }
  if (!all || withdrawn.empty()) return;
  forecast.model_type = ml::ModelType::kSeasonalNaive;
  forecast.reason = withdrawn.front().withdrawal.reason;
  forecast.metrics = {};
}

}  // namespace helios::inference
