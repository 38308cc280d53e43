// SPDX-License-Identifier: Apache-2.0
#include "ml/ensemble_forecaster.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace helios::ml {
namespace {

/// Where backtests forecast from, newest first.
std::vector<std::size_t> InnerOrigins(const EnsembleParameters& parameters, const DayShape& shape, std::size_t size) {
  std::vector<std::size_t> origins;
  const std::size_t ago = shape.fine ? shape.hour : 4;
  // No whole number of steps, so that series of short periods are seen at each of their phases.
  const double stride = std::max(1.0, parameters.origin_stride * static_cast<double>(shape.day));
  const auto least = static_cast<std::size_t>(parameters.least_history * static_cast<double>(shape.day));
  for (std::size_t b = 0; b < parameters.origins; ++b) {
    const std::size_t back = 1 + ago + static_cast<std::size_t>(static_cast<double>(b) * stride);
    if (size < back + least) break;
    origins.push_back(size - back);
  }
  return origins;
}

/// What came after `origin` at each of `horizons`, as far as that is known; NaN where nothing was measured.
std::vector<float> Actual(const PreparedHistory& history, std::size_t origin, std::span<const std::size_t> horizons) {
  std::vector<float> actual;
  for (const std::size_t h : horizons) {
    const std::size_t t = origin + h;
    if (t >= history.size()) break;
    actual.push_back(history.Measured(t) ? history.z()[t] : std::numeric_limits<float>::quiet_NaN());
  }
  return actual;
}

}  // namespace

EnsembleForecaster::EnsembleForecaster(PreparedHistory history, MemberPanel panel, MemberWeights weights,
                                       IntervalWidths widths, std::size_t backtest_origins)
    : history_(std::move(history)),
      panel_(std::move(panel)),
      weights_(std::move(weights)),
      widths_(std::move(widths)),
      backtest_origins_(backtest_origins) {}

Result<EnsembleForecaster> EnsembleForecaster::Fit(std::span<const double> values, std::size_t steps_a_day) {
  return Fit(values, steps_a_day, EnsembleParameters::For(DayShape(steps_a_day)));
}

Result<EnsembleForecaster> EnsembleForecaster::Fit(std::span<const double> values, std::size_t steps_a_day,
                                                   const EnsembleParameters& parameters) {
  if (steps_a_day < DayShape::kLeastDay) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot fit: the step is too coarse for a daily rhythm; got {} steps a day; want {} or more",
                steps_a_day, DayShape::kLeastDay);
  }
  const auto measured = [](double y) { return std::isfinite(y); };
  if (values.size() < kLeastDays * steps_a_day || std::ranges::none_of(values, measured)) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot fit: too little history; got {} steps; want {} days of {} steps", values.size(), kLeastDays,
                steps_a_day);
  }
  const DayShape shape(steps_a_day);
  const std::size_t longest = (kMostDays + 1) * steps_a_day;
  values = values.last(std::min(values.size(), kMostDays * steps_a_day));

  PreparedHistory history(values, shape);
  const auto origins = InnerOrigins(parameters, shape, history.size());
  MemberPanel panel(history, parameters, longest, origins);
  const auto horizons = shape.ScoredHorizons();
  std::vector<InnerOrigin> inner(origins.size());
  MemberPanel::Searches searches(panel);
  for (std::size_t b = 0; b < origins.size(); ++b) {
    inner[b].origin = origins[b];
    inner[b].actual = Actual(history, origins[b], horizons);
    const auto known = std::span(horizons).first(inner[b].actual.size());
    panel.View(history, origins[b], b, known, searches, inner[b].view);
  }
  MemberWeights weights(parameters, shape, inner, horizons);
  std::vector<std::vector<CombinedStep>> combined(inner.size());
  for (std::size_t b = 0; b < inner.size(); ++b) weights.Combine(inner[b].view, horizons, combined[b]);
  IntervalWidths widths(parameters, shape, inner, combined, horizons);
  return EnsembleForecaster(std::move(history), std::move(panel), std::move(weights), std::move(widths),
                            origins.size());
}

void EnsembleForecaster::Append(double value) {
  history_.Append(value);
}

IntervalForecast EnsembleForecaster::Forecast(std::size_t steps, double level) const {
  std::vector<std::size_t> horizons(steps);
  std::iota(horizons.begin(), horizons.end(), std::size_t{1});
  MemberPanel::Searches searches(panel_);
  OriginView view;
  panel_.View(history_, history_.size() - 1, std::nullopt, horizons, searches, view);
  std::vector<CombinedStep> combined;
  weights_.Combine(view, horizons, combined);
  std::vector<IntervalSides> sides;
  widths_.Sides(combined, horizons, level, sides);

  IntervalForecast forecast;
  forecast.value.reserve(steps);
  forecast.lower.reserve(steps);
  forecast.upper.reserve(steps);
  const double least = history_.never_negative() ? 0.0 : std::numeric_limits<double>::lowest();
  for (std::size_t i = 0; i < steps; ++i) {
    const float value = combined[i].value;
    const double rounding = history_.Rounding(value);
    const double lower = history_.ToUnit(value - sides[i].below) - rounding;
    const double upper = history_.ToUnit(value + sides[i].above) + rounding;
    forecast.value.push_back(history_.ToUnit(value));
    forecast.lower.push_back(std::max(lower, least));
    forecast.upper.push_back(std::min(upper, std::numeric_limits<double>::max()));
  }
  return forecast;
}

}  // namespace helios::ml
