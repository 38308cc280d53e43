// SPDX-License-Identifier: Apache-2.0
#include "workbench/forecast_command.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>

#include "base/file.h"
#include "http/json.h"
#include "ml/counter_rate.h"
#include "wire/forecast_json.h"
#include "workbench/duration_text.h"
#include "workbench/forecast_plot.h"
#include "workbench/history_file.h"
#include "workbench/series_forecaster.h"

namespace helios::workbench {
namespace {

namespace json = boost::json;
using std::chrono::minutes;

/// What a forecast starts from.
struct Origin {
  TimestampMs time{};
  minutes step{1};  ///< of the forecast, at least a minute
};

Result<Origin> OriginOf(std::span<const ml::Sample> history) {
  std::vector<ml::Sample> finite;
  std::ranges::copy_if(history, std::back_inserter(finite), [](const auto& s) { return std::isfinite(s.value); });
  if (finite.size() < ml::kMinHistorySamples) {
    return Fail(ErrorCode::kFailedPrecondition, "inference.not_enough_history",
                "cannot forecast: the history is too short; got {} finite samples; want at least {}", finite.size(),
                ml::kMinHistorySamples);
  }
  const auto [oldest, newest] = std::ranges::minmax(finite, {}, &ml::Sample::time);
  const auto step = ml::WorkingStep(ml::InferStep(finite), newest.time - oldest.time);
  return Origin{.time = newest.time, .step = std::max(minutes{1}, std::chrono::ceil<minutes>(step))};
}

Result<std::vector<minutes>> HorizonsOf(const ForecastCommandOptions& options, const Origin& origin) {
  const int ways = (options.horizons.empty() ? 0 : 1) + (options.steps > 0 ? 1 : 0) + (options.until.empty() ? 0 : 1);
  if (ways > 1) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.bad_flags",
                "cannot forecast: want one of --horizons, --steps and --until; got {}", ways);
  }
  std::vector<minutes> horizons;
  for (const auto& text : options.horizons) {
    HELIOS_TRY(const minutes horizon, ParseMinutes(text));
    horizons.push_back(horizon);
  }
  if (!horizons.empty()) return horizons;
  auto steps = static_cast<std::int64_t>(std::min<std::size_t>(options.steps, 1'000'000));
  if (!options.until.empty()) {
    HELIOS_TRY(const TimestampMs until, ParseRfc3339(options.until));
    steps = (until - origin.time) / origin.step;
    if (steps < 1) {
      return Fail(ErrorCode::kInvalidArgument, "workbench.bad_flags",
                  "cannot forecast until {}: the newest sample is of {} and a step is {}; want a later time",
                  options.until, FormatRfc3339(origin.time), DurationText(origin.step));
    }
  }
  if (steps == 0) return std::vector{minutes{15}, minutes{30}, minutes{60}};
  if (origin.step * steps > ml::kMaxHorizon) {
    return Fail(ErrorCode::kInvalidArgument, "inference.bad_horizon",
                "cannot forecast {} steps of {}: want at most {} ahead", steps, DurationText(origin.step),
                DurationText(ml::kMaxHorizon));
  }
  for (std::int64_t i = 1; i <= steps; ++i) horizons.push_back(origin.step * i);
  return horizons;
}

std::string Measured(const LevelForecast& forecast, double level) {
  const auto& metrics = forecast.summary.metrics;
  if (!metrics.mae) return "none: the history is too short to hold anything back";
  std::string text = fmt::format("MAE {:.4g}", *metrics.mae);
  if (metrics.mase) {
    text += fmt::format(", MASE {:.3f} ({})", *metrics.mase,
                        forecast.summary.season_length > 0 ? "1 is the error of the season before"
                                                           : "1 is the error of the value before");
  }
  if (metrics.smape) text += fmt::format(", sMAPE {:.1f} %", *metrics.smape);
  if (metrics.coverage) {
    text += fmt::format(", {:.1f} % of values inside the {:.4g} % interval", 100.0 * *metrics.coverage, 100.0 * level);
  }
  return text + fmt::format("; {} origins", metrics.origins);
}

std::string ToText(const LevelForecast& forecast, const ForecastCommandOptions& options) {
  const auto& summary = forecast.summary;
  std::string text = fmt::format(
      "origin    {}, the newest of {} samples over {}\n"
      "model     {}, on steps of {}{}\n"
      "why       {}\n"
      "backtest  {}\n\n",
      FormatRfc3339(summary.origin), summary.history_samples, DurationText(summary.history_span), forecast.model,
      DurationText(summary.step),
      summary.season_length == 0
          ? ""
          : fmt::format(", with a season of {}", DurationText(summary.step * static_cast<long>(summary.season_length))),
      summary.reason, Measured(forecast, options.levels[0]));
  text += fmt::format("{:<22}{:>9}{:>14}", "time", "ahead", "forecast");
  for (const double level : options.levels) {
    text += fmt::format("{:>14}{:>14}", fmt::format("{:.4g} % from", 100.0 * level), "to");
  }
  text += options.unit.empty() ? "\n" : fmt::format("  {}\n", options.unit);
  for (std::size_t i = 0; i < summary.points.size(); ++i) {
    const auto& point = summary.points[i];
    text += fmt::format("{:<22}{:>9}{:>14.6g}", FormatRfc3339(point.time), DurationText(point.horizon), point.value);
    for (const auto& points : forecast.points)
      text += fmt::format("{:>14.6g}{:>14.6g}", points[i].lower, points[i].upper);
    text += "\n";
  }
  return text;
}

std::string ToJsonText(const LevelForecast& forecast, std::span<const double> levels) {
  json::object prediction = wire::PredictionJson(forecast.summary, forecast.model);
  auto& points = prediction["points"].as_array();
  for (std::size_t i = 0; i < points.size(); ++i) {
    json::array intervals;
    for (std::size_t l = 0; l < levels.size(); ++l) {
      const auto& point = forecast.points[l][i];
      intervals.push_back({{"level", levels[l]}, {"lower", point.lower}, {"upper", point.upper}});
    }
    points[i].as_object()["intervals"] = std::move(intervals);
  }
  return http::JsonBytes(
             json::object{{"predictions", json::array{std::move(prediction)}}, {"skipped", json::array{}}}) +
         "\n";
}

}  // namespace

Result<std::string> RunForecast(const ForecastCommandOptions& options) {
  HELIOS_TRY(auto history, ReadHistory(options.file));
  if (options.counter) history = ml::ToRates(history);
  HELIOS_TRY(const auto origin, OriginOf(history));
  ForecastRequest request{
      .model = options.model, .horizons = {}, .levels = options.levels, .line = !options.plot.empty()};
  HELIOS_TRY(request.horizons, HorizonsOf(options, origin));
  for (const auto& text : options.seasons) {
    HELIOS_TRY(const auto season, ParseMinutes(text));
    request.seasons.emplace_back(season);
  }
  HELIOS_TRY(const auto forecast, ForecastSeries(history, request));
  if (!options.plot.empty()) {
    const auto svg = DrawForecast({.title = options.file.filename().string(), .unit = options.unit}, history, forecast,
                                  options.levels);
    HELIOS_CHECK(WriteFileAtomically(options.plot, svg, 0644));
  }
  return options.json ? ToJsonText(forecast, options.levels) : ToText(forecast, options);
}

}  // namespace helios::workbench
