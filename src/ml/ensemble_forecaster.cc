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

/// A fit with all that its backtest saw.
struct Replay {
  PreparedHistory history;
  std::vector<std::size_t> origins;
  MemberPanel panel;
  std::vector<std::size_t> horizons;
  MemberSet silent;                // stopped after the first origins
  std::vector<InnerOrigin> inner;  // newest first
  MemberWeights weights;
  std::vector<std::vector<CombinedStep>> combined;  // by inner origin
  IntervalWidths widths;

  Replay(std::span<const double> values, const DayShape& shape, const EnsembleParameters& parameters)
      : history(values.last(std::min(values.size(), EnsembleForecaster::kMostDays * shape.day)), shape),
        origins(InnerOrigins(parameters, shape, history.size())),
        panel(history, parameters, (EnsembleForecaster::kMostDays + 1) * shape.day, origins),
        horizons(shape.ScoredHorizons()),
        inner(Views(shape, parameters)),
        weights(parameters, shape, inner, horizons, silent),
        combined(Combined()),
        widths(parameters, shape, inner, combined, horizons) {}

 private:
  /// What all members said at the newest origins, and those who are worth it at the others.
  std::vector<InnerOrigin> Views(const DayShape& shape, const EnsembleParameters& parameters) {
    std::vector<InnerOrigin> views(origins.size());
    MemberPanel::Searches searches(panel);
    for (std::size_t b = 0; b < origins.size(); ++b) {
      if (b == parameters.trial_origins) {
        silent = MemberWeights::Hopeless(parameters, shape, std::span(views).first(b), horizons);
      }
      views[b].origin = origins[b];
      views[b].actual = Actual(history, origins[b], horizons);
      const auto known = std::span(horizons).first(views[b].actual.size());
      panel.View(history, origins[b], b, known, silent, searches, views[b].view);
    }
    return views;
  }

  [[nodiscard]] std::vector<std::vector<CombinedStep>> Combined() const {
    std::vector<std::vector<CombinedStep>> steps(inner.size());
    for (std::size_t b = 0; b < inner.size(); ++b) weights.Combine(inner[b].view, horizons, steps[b]);
    return steps;
  }
};

Result<void> CheckHistory(std::span<const double> values, std::size_t steps_a_day) {
  if (steps_a_day < DayShape::kLeastDay) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_step",
                "cannot fit: the step is too coarse for a daily rhythm; got {} steps a day; want {} or more",
                steps_a_day, DayShape::kLeastDay);
  }
  const std::size_t least = EnsembleForecaster::kLeastDays * steps_a_day;
  const std::size_t most = std::min(values.size(), EnsembleForecaster::kMostDays * steps_a_day);
  const auto known = std::ranges::count_if(values.last(most), [](double y) { return std::isfinite(y); });
  if (values.size() < least || known == 0) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot fit: too little history; got {} steps, {} of them measured; want {} days of {} steps",
                values.size(), known, EnsembleForecaster::kLeastDays, steps_a_day);
  }
  return {};
}

/// Indexes of the ascending `horizons` that lie nearest to each of `steps`; ascending, each once.
std::vector<std::size_t> NearestOf(std::span<const std::size_t> horizons, std::span<const std::size_t> steps) {
  std::vector<std::size_t> nearest;
  for (const std::size_t step : steps) {
    const auto distance = [&](std::size_t h) { return h > step ? h - step : step - h; };
    nearest.push_back(static_cast<std::size_t>(std::ranges::min_element(horizons, {}, distance) - horizons.begin()));
  }
  std::ranges::sort(nearest);
  nearest.erase(std::ranges::unique(nearest).begin(), nearest.end());
  return nearest;
}

}  // namespace

EnsembleForecaster::EnsembleForecaster(PreparedHistory history, MemberPanel panel, MemberWeights weights,
                                       IntervalWidths widths, std::size_t backtest_origins, std::size_t fitted_values)
    : history_(std::move(history)),
      panel_(std::move(panel)),
      weights_(std::move(weights)),
      widths_(std::move(widths)),
      backtest_origins_(backtest_origins),
      fitted_values_(fitted_values) {}

Result<EnsembleForecaster> EnsembleForecaster::Fit(std::span<const double> values, std::size_t steps_a_day) {
  return Fit(values, steps_a_day, EnsembleParameters::For(DayShape(steps_a_day)));
}

Result<EnsembleForecaster> EnsembleForecaster::Fit(std::span<const double> values, std::size_t steps_a_day,
                                                   const EnsembleParameters& parameters) {
  HELIOS_CHECK(CheckHistory(values, steps_a_day));
  const Replay replay(values, DayShape(steps_a_day), parameters);
  return EnsembleForecaster(replay.history, replay.panel, replay.weights, replay.widths, replay.inner.size(),
                            replay.history.size());
}

Result<EnsembleForecaster::Judged> EnsembleForecaster::FitAndJudge(std::span<const double> values,
                                                                   std::size_t steps_a_day,
                                                                   std::span<const std::size_t> steps, double level) {
  HELIOS_CHECK(CheckHistory(values, steps_a_day));
  const DayShape shape(steps_a_day);
  const auto parameters = EnsembleParameters::For(shape);
  const Replay replay(values, shape, parameters);
  const auto& inner = replay.inner;
  Judged judged{.forecaster = EnsembleForecaster(replay.history, replay.panel, replay.weights, replay.widths,
                                                 inner.size(), replay.history.size()),
                .ensemble = {},
                .yesterday = {}};

  const auto scored = NearestOf(replay.horizons, steps);
  for (const std::size_t i : scored) {
    HorizonBacktest ensemble{replay.horizons[i], {}};
    HorizonBacktest yesterday{replay.horizons[i], {}};
    for (std::size_t b = inner.size(); b-- > 0;) {
      if (i >= inner[b].actual.size() || std::isnan(inner[b].actual[i])) continue;
      const double actual = replay.history.ToUnit(inner[b].actual[i]);
      const float before = inner[b].view.members[i][static_cast<std::size_t>(Member::kYesterday)];
      ensemble.points.push_back({inner[b].origin, actual, replay.history.ToUnit(replay.combined[b][i].value)});
      yesterday.points.push_back({inner[b].origin, actual, replay.history.ToUnit(before)});
    }
    judged.ensemble.push_back(std::move(ensemble));
    judged.yesterday.push_back(std::move(yesterday));
  }

  const std::size_t half = inner.size() / 2;
  const IntervalWidths older(parameters, shape, std::span(inner).subspan(half),
                             std::span(replay.combined).subspan(half), replay.horizons);
  std::vector<IntervalSides> sides;
  for (std::size_t b = 0; b < half; ++b) {
    older.Sides(replay.combined[b], replay.horizons, level, sides);
    for (const std::size_t i : scored) {
      if (i >= inner[b].actual.size() || std::isnan(inner[b].actual[i])) continue;
      const float residual = inner[b].actual[i] - replay.combined[b][i].value;
      judged.inside += residual >= -sides[i].below && residual <= sides[i].above ? 1.0 : 0.0;
      judged.judged += 1.0;
    }
  }
  return judged;
}

void EnsembleForecaster::Append(double value) {
  const std::size_t day = history_.shape().day;
  history_.Append(value);
  if (history_.size() >= (kMostDays + 1) * day) history_.DropOldest(day);
}

IntervalForecast EnsembleForecaster::Forecast(std::size_t steps, double level) const {
  std::vector<std::size_t> horizons(steps);
  std::iota(horizons.begin(), horizons.end(), std::size_t{1});
  MemberPanel::Searches searches(panel_);
  OriginView view;
  panel_.View(history_, history_.size() - 1, std::nullopt, horizons, weights_.Silent(), searches, view);
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
