// SPDX-License-Identifier: Apache-2.0
#include "workbench/series_forecaster.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <ranges>
#include <utility>

#include "base/nearest_name.h"
#include "ml/fitted_model.h"
#include "ml/xgboost_model.h"
#include "workbench/named_model_backtest.h"

namespace helios::workbench {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::string_view kXgboost = "xgboost";
/// Horizons that a backtest scores, where more are asked for.
constexpr std::size_t kMostScored = 12;

std::optional<ml::NamedModel> ModelOf(std::string_view name) {
  for (const auto model : ml::kNamedModels) {
    if (ml::NamedModelName(model) == name) return model;
  }
  return std::nullopt;
}

/// A step apart, at least a minute, up to the longest of `horizons`.
std::vector<minutes> EveryStep(std::span<const minutes> horizons, milliseconds step) {
  const minutes apart = std::max(minutes{1}, std::chrono::ceil<minutes>(step));
  const minutes longest = std::ranges::max(horizons);
  std::vector<minutes> line;
  for (minutes at = apart; at < longest; at += apart) line.push_back(at);
  line.push_back(longest);
  return line;
}

Result<LevelForecast> ForecastAutomatically(std::span<const ml::Sample> history, const ForecastRequest& request) {
  HELIOS_TRY(const auto fitted, ml::FitForecaster(history, {.horizons = request.horizons, .level = request.levels[0]}));
  LevelForecast forecast;
  HELIOS_TRY(forecast.summary, fitted.Forecast(request.horizons, request.levels[0]));
  forecast.model = ml::ModelTypeName(forecast.summary.model_type);
  const auto line = EveryStep(request.horizons, forecast.summary.step);
  for (const double level : request.levels) {
    HELIOS_TRY(auto at_level, fitted.Forecast(request.horizons, level));
    forecast.points.push_back(std::move(at_level.points));
    if (!request.line) continue;
    HELIOS_TRY(auto along, fitted.Forecast(line, level));
    forecast.line.push_back(std::move(along.points));
  }
  return forecast;
}

Result<std::vector<std::size_t>> SeasonSteps(const ForecastRequest& request, milliseconds step) {
  std::vector<std::size_t> seasons;
  for (const auto season : request.seasons) {
    if (season % step != milliseconds{0} || season / step < 2) {
      return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options",
                  "cannot use a season of {} s: want at least two whole steps of the series, which are {} s",
                  season.count() / 1000, step.count() / 1000);
    }
    seasons.push_back(static_cast<std::size_t>(season / step));
  }
  std::ranges::sort(seasons);
  seasons.erase(std::ranges::unique(seasons).begin(), seasons.end());
  return seasons;
}

Result<FitNamedModel> FitOf(const ForecastRequest& request, milliseconds step) {
  const auto model = ModelOf(request.model);
  if (!request.seasons.empty() && (!model || *model == ml::NamedModel::kProphet)) {
    return Fail(
        ErrorCode::kInvalidArgument, "inference.bad_model_options",
        "cannot use a season with the model '{}': want one of seasonal_naive, exponential_smoothing, theta, mstl",
        request.model);
  }
  if (!model) return [](const ml::RegularHistory& history) { return ml::FitXgboost(history, {}); };
  ml::ModelOptions options;
  HELIOS_TRY(options.seasons, SeasonSteps(request, step));
  return [model = *model, options](const ml::RegularHistory& history) { return ml::FitModel(model, history, options); };
}

/// Of a quantile forecast on steps, at any distance from one step on: linear in between.
double Between(const std::vector<double>& column, double steps) {
  const auto before = static_cast<std::size_t>(steps);
  const double share = steps - static_cast<double>(before);
  if (share == 0.0) return column[before - 1];
  return (1.0 - share) * column[before - 1] + share * column[before];
}

/// The distinct horizons in whole steps, ascending, thinned evenly.
std::vector<std::size_t> ScoredSteps(std::span<const minutes> horizons, milliseconds step) {
  std::vector<std::size_t> steps;
  for (const auto horizon : horizons) {
    steps.push_back(std::max<std::size_t>(1, static_cast<std::size_t>((milliseconds{horizon} + step / 2) / step)));
  }
  std::ranges::sort(steps);
  steps.erase(std::ranges::unique(steps).begin(), steps.end());
  if (steps.size() <= kMostScored) return steps;
  std::vector<std::size_t> thinned;
  for (std::size_t i = 0; i < kMostScored; ++i) thinned.push_back(steps[i * (steps.size() - 1) / (kMostScored - 1)]);
  return thinned;
}

/// Points of one level at `horizons`: columns `lower` and `upper` of a quantile forecast.
std::vector<ml::ForecastPoint> PointsOf(const ml::QuantileForecast& said, std::size_t lower, std::size_t upper,
                                        std::span<const minutes> horizons, TimestampMs origin, milliseconds step) {
  std::vector<ml::ForecastPoint> points;
  for (const auto horizon : horizons) {
    const auto distance = static_cast<double>(milliseconds{horizon}.count()) / static_cast<double>(step.count());
    const double steps = std::max(1.0, distance);
    points.push_back({.time = origin + horizon,
                      .horizon = horizon,
                      .value = Between(said.value, steps),
                      .lower = Between(said.quantiles[lower], steps),
                      .upper = Between(said.quantiles[upper], steps)});
  }
  return points;
}

Result<LevelForecast> ForecastByName(std::span<const ml::Sample> history, const ForecastRequest& request) {
  std::vector<ml::Sample> finite;
  std::ranges::copy_if(history, std::back_inserter(finite), [](const auto& s) { return std::isfinite(s.value); });
  if (finite.size() < ml::kMinHistorySamples) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot forecast: the history is too short; got {} finite samples; want at least {}", finite.size(),
                ml::kMinHistorySamples);
  }
  const auto [oldest, newest] = std::ranges::minmax(finite, {}, &ml::Sample::time);
  const auto spacing = ml::InferStep(finite);
  const auto grid = ml::ToGrid(finite, spacing, ml::WorkingStep(spacing, newest.time - oldest.time));
  const ml::RegularHistory regular{.first = grid.first, .step = grid.step, .values = grid.values};
  HELIOS_TRY(const auto fit, FitOf(request, grid.step));
  HELIOS_TRY(const auto model, fit(regular));

  // Lower quantiles of the widest level first, then upper ones: they must ascend.
  std::vector<double> widest_first = request.levels;
  std::ranges::sort(widest_first, std::greater());
  std::vector<double> probabilities;
  for (const double level : widest_first) probabilities.push_back(0.5 * (1.0 - level));
  for (const double level : widest_first | std::views::reverse) probabilities.push_back(0.5 * (1.0 + level));
  const auto longest = milliseconds{std::ranges::max(request.horizons)};
  const auto steps =
      static_cast<std::size_t>(std::max<std::int64_t>(1, (longest + grid.step - milliseconds{1}) / grid.step));
  HELIOS_TRY(const auto said, model->Forecast(steps, probabilities));

  LevelForecast forecast{.model = request.model, .summary = {}, .points = {}, .line = {}};
  const auto line = EveryStep(request.horizons, grid.step);
  for (const double level : request.levels) {
    const auto lower = static_cast<std::size_t>(std::ranges::find(widest_first, level) - widest_first.begin());
    const std::size_t upper = probabilities.size() - 1 - lower;
    forecast.points.push_back(PointsOf(said, lower, upper, request.horizons, newest.time, grid.step));
    if (request.line) forecast.line.push_back(PointsOf(said, lower, upper, line, newest.time, grid.step));
  }

  auto& summary = forecast.summary;
  const milliseconds season =
      request.seasons.empty() ? milliseconds{std::chrono::days{1}} : std::ranges::min(request.seasons);
  const auto season_length = static_cast<std::size_t>(season / grid.step);
  if (season_length >= 2 && grid.values.size() >= 2 * season_length) summary.season_length = season_length;
  summary.origin = newest.time;
  summary.reason = fmt::format("{} was asked for by name; it was not compared with others", request.model);
  summary.step = grid.step;
  summary.metrics = BacktestNamedModel(fit, regular, ScoredSteps(request.horizons, grid.step), summary.season_length,
                                       request.levels[0]);
  summary.history_samples = grid.samples_used;
  summary.history_span = newest.time - grid.oldest_sample;
  summary.points = forecast.points[0];
  return forecast;
}

/// What both kinds of model rely on.
Result<void> Check(std::span<const ml::Sample> history, const ForecastRequest& request) {
  for (const auto horizon : request.horizons) {
    if (horizon >= minutes{1} && horizon <= ml::kMaxHorizon) continue;
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                "cannot forecast: a horizon is out of range; got {} minutes; want 1 to {}", horizon.count(),
                ml::kMaxHorizon.count());
  }
  for (const double level : request.levels) {
    if (level > 0.0 && level < 1.0) continue;
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_level",
                "cannot forecast: the level is out of range; got {}; want more than 0 and less than 1, such as 0.95",
                level);
  }
  for (const auto& sample : history) {
    if (sample.time >= TimestampMs{} &&
        sample.time < TimestampMs{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}}) {
      continue;
    }
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_timestamp",
                "cannot forecast: a sample's time is outside the years 1970 to 9999; got {} ms since 1970",
                ToUnixMs(sample.time));
  }
  return {};
}

}  // namespace

std::vector<std::string_view> ForecastModelNames() {
  std::vector<std::string_view> names = {kAutomatic};
  for (const auto model : ml::kNamedModels) names.push_back(ml::NamedModelName(model));
  if (ml::XgboostModel::Available()) names.push_back(kXgboost);
  return names;
}

Result<LevelForecast> ForecastSeries(std::span<const ml::Sample> history, const ForecastRequest& request) {
  const auto names = ForecastModelNames();
  if (std::ranges::find(names, request.model) == names.end()) {
    const auto nearest = NearestName(request.model, names);
    return Fail(ErrorCode::kInvalidArgument, "workbench.unknown_model", "cannot forecast by '{}': want one of {}{}",
                request.model, fmt::join(names, ", "),
                nearest.empty() ? "" : fmt::format("; did you mean {}?", nearest));
  }
  HELIOS_CHECK(Check(history, request));
  if (request.model != kAutomatic) return ForecastByName(history, request);
  if (!request.seasons.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_model_options",
                "cannot use a season with the model 'automatic', which finds it by itself; name a model with --model");
  }
  return ForecastAutomatically(history, request);
}

}  // namespace helios::workbench
