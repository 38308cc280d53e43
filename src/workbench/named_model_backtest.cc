// SPDX-License-Identifier: Apache-2.0
#include "workbench/named_model_backtest.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "ml/forecast_score.h"

namespace helios::workbench {
namespace {

constexpr double kFittedShare = 0.6;
constexpr std::size_t kMostOrigins = 48;
/// Values without which coverage is not worth stating.
constexpr std::size_t kEnoughForCoverage = 10;

/// Of one horizon.
struct Errors {
  double absolute = 0.0;
  double percent = 0.0;
  std::size_t inside = 0;
  std::size_t count = 0;

  void Take(double actual, double value, double lower, double upper) {
    absolute += std::abs(actual - value);
    const double size = std::abs(actual) + std::abs(value);
    if (size > 0.0) percent += 200.0 * std::abs(actual - value) / size;
    if (lower <= actual && actual <= upper) ++inside;
    ++count;
  }
};

ml::BacktestMetrics Summarize(std::span<const Errors> horizons, double scale) {
  ml::BacktestMetrics metrics;
  double absolute = 0.0;
  std::size_t measured = 0;
  Errors all;
  for (const auto& errors : horizons) {
    if (errors.count == 0) continue;
    absolute += errors.absolute / static_cast<double>(errors.count);
    ++measured;
    all.percent += errors.percent;
    all.inside += errors.inside;
    all.count += errors.count;
    metrics.origins = std::max(metrics.origins, errors.count);
  }
  if (measured == 0) return metrics;
  const double mae = absolute / static_cast<double>(measured);
  const auto count = static_cast<double>(all.count);
  if (std::isfinite(mae)) metrics.mae = mae;
  if (scale > 0.0 && std::isfinite(mae / scale)) metrics.mase = mae / scale;
  if (std::isfinite(all.percent)) metrics.smape = all.percent / count;
  if (all.count >= kEnoughForCoverage) metrics.coverage = static_cast<double>(all.inside) / count;
  return metrics;
}

}  // namespace

ml::BacktestMetrics BacktestNamedModel(const FitNamedModel& fit, const ml::RegularHistory& history,
                                       std::span<const std::size_t> steps, std::size_t season, double level) {
  const auto values = history.values;
  const auto split = static_cast<std::size_t>(kFittedShare * static_cast<double>(values.size()));
  if (split == 0 || split + steps.front() > values.size()) return {};
  const auto fitted = fit({.first = history.first, .step = history.step, .values = values.first(split)});
  if (!fitted) return {};
  const auto& model = *fitted;
  const std::vector probabilities = {0.5 * (1.0 - level), 0.5 * (1.0 + level)};

  std::vector<Errors> errors(steps.size());
  const std::size_t origins = values.size() - split - steps.front() + 1;
  const std::size_t stride = (origins + kMostOrigins - 1) / kMostOrigins;
  for (std::size_t known = split; known + steps.front() <= values.size(); ++known) {
    if (known > split) model->Append(values[known - 1]);
    if ((known - split) % stride != 0) continue;
    const auto forecast = model->Forecast(std::min(steps.back(), values.size() - known), probabilities);
    if (!forecast) return {};
    for (std::size_t k = 0; k < steps.size() && known + steps[k] <= values.size(); ++k) {
      const std::size_t h = steps[k] - 1;
      const double actual = values[known + h];
      if (std::isnan(actual)) continue;
      errors[k].Take(actual, forecast->value[h], forecast->quantiles[0][h], forecast->quantiles[1][h]);
    }
  }
  return Summarize(errors, ml::SeasonalNaiveScale(values, std::max<std::size_t>(1, season)));
}

}  // namespace helios::workbench
