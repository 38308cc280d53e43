// SPDX-License-Identifier: Apache-2.0
#include "workbench/backtest_command.h"

#include <ctime>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <functional>
#include <limits>

#include "ml/ensemble_forecaster.h"
#include "ml/forecast_score.h"
#include "workbench/csv_series.h"
#include "workbench/manifest.h"
#include "workbench/regular_series.h"

namespace helios::workbench {
namespace {

constexpr double kLevel = 0.95;
constexpr std::size_t kOrigins = 8;
constexpr double kShare = 0.3;
constexpr std::size_t kMostHistoryDays = 14;
constexpr std::size_t kLeastHistoryDays = 3;
constexpr std::chrono::seconds kDay{86'400};

/// Forecasts `steps` steps after `history`.
using Forecaster =
    std::function<Result<ml::IntervalForecast>(std::span<const double> history, std::size_t day, std::size_t steps)>;

/// Scores of one forecaster on one series, as means over the origins.
struct SeriesScore {
  std::string path;
  ml::ForecastScore hour;
  ml::ForecastScore day;
  double cpu_ms = 0.0;  ///< of a fit and a forecast
};

/// Scores of one forecaster on all series.
struct ForecasterScore {
  std::string name;
  std::vector<SeriesScore> series;
};

double ThreadCpuMs() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::vector<std::size_t> Origins(const RegularSeries& series) {
  const auto day = static_cast<std::size_t>(kDay / series.step);
  return ml::RollingOrigins(series.values.size(), day, kLeastHistoryDays * day, kOrigins, kShare);
}

/// Gaps take the value before them, those at the beginning the first value: the yardstick cannot do without.
std::vector<double> Filled(std::span<const double> values) {
  std::vector<double> filled(values.begin(), values.end());
  const auto known = [](double y) { return !std::isnan(y); };
  const auto first = std::ranges::find_if(filled, known);
  if (first != filled.end()) std::fill(filled.begin(), first, *first);
  for (std::size_t t = 1; t < filled.size(); ++t) {
    if (!known(filled[t])) filled[t] = filled[t - 1];
  }
  return filled;
}

Result<SeriesScore> ScoreSeries(const RegularSeries& series, const Forecaster& forecaster) {
  const auto day = static_cast<std::size_t>(kDay / series.step);
  const std::size_t hour = std::max<std::size_t>(4, day / 24);
  const std::span values(series.values);
  const auto origins = Origins(series);
  SeriesScore score;
  score.path = series.path;
  std::vector<ml::ForecastScore> hours;
  std::vector<ml::ForecastScore> days;
  for (const std::size_t origin : origins) {
    const std::size_t length = std::min(origin, kMostHistoryDays * day);
    const auto history = values.subspan(origin - length, length);
    const double start = ThreadCpuMs();
    HELIOS_TRY(const auto forecast, forecaster(history, day, day));
    score.cpu_ms += (ThreadCpuMs() - start) / static_cast<double>(origins.size());
    const double scale = ml::SeasonalNaiveScale(history, day);
    if (!(scale > 0.0)) continue;
    const auto actual = values.subspan(origin, day);
    hours.push_back(ml::ScoreForecast(actual, forecast, hour, scale, kLevel));
    days.push_back(ml::ScoreForecast(actual, forecast, day, scale, kLevel));
  }
  score.hour = ml::MeanScore(hours);
  score.day = ml::MeanScore(days);
  return score;
}

double Mean(const ForecasterScore& score, const std::function<double(const SeriesScore&)>& of) {
  double sum = 0.0;
  for (const auto& series : score.series) sum += of(series);
  return sum / static_cast<double>(score.series.size());
}

/// Geometric mean over series of `of` relative to the same of `yardstick`.
double Relative(const ForecasterScore& score, const ForecasterScore& yardstick,
                const std::function<double(const SeriesScore&)>& of) {
  double sum = 0.0;
  for (std::size_t i = 0; i < score.series.size(); ++i) sum += std::log(of(score.series[i]) / of(yardstick.series[i]));
  return std::exp(sum / static_cast<double>(score.series.size()));
}

double HourMase(const SeriesScore& score) {
  return score.hour.mase;
}
double DayMase(const SeriesScore& score) {
  return score.day.mase;
}

struct Summary {
  double relative_hour, hour, relative_day, day, coverage_hour, coverage_day, msis_hour, msis_day, cpu_ms;
};

Summary Summarise(const ForecasterScore& score, const ForecasterScore& yardstick) {
  return {.relative_hour = Relative(score, yardstick, HourMase),
          .hour = Mean(score, HourMase),
          .relative_day = Relative(score, yardstick, DayMase),
          .day = Mean(score, DayMase),
          .coverage_hour = 100.0 * Mean(score, [](const auto& s) { return s.hour.coverage; }),
          .coverage_day = 100.0 * Mean(score, [](const auto& s) { return s.day.coverage; }),
          .msis_hour = Mean(score, [](const auto& s) { return s.hour.msis; }),
          .msis_day = Mean(score, [](const auto& s) { return s.day.msis; }),
          .cpu_ms = Mean(score, [](const auto& s) { return s.cpu_ms; })};
}

std::string RenderTable(std::span<const ForecasterScore> scores) {
  std::string out =
      "                                relative MASE      mean MASE       coverage %          MSIS       CPU\n"
      "forecaster                     60 min    24 h  60 min    24 h  60 min   24 h  60 min   24 h        ms\n";
  for (const auto& score : scores) {
    const auto s = Summarise(score, scores.front());
    out += fmt::format("{:<30}{:>7.3f} {:>7.3f} {:>7.3f} {:>7.3f} {:>7.1f} {:>6.1f} {:>7.2f} {:>6.2f} {:>9.3f}\n",
                       score.name, s.relative_hour, s.relative_day, s.hour, s.day, s.coverage_hour, s.coverage_day,
                       s.msis_hour, s.msis_day, s.cpu_ms);
  }
  out += "\n";
  for (const auto& series : scores.back().series) {
    out += fmt::format("{:<42}{:>8.3f} {:>7.3f} {:>7.1f} {:>6.1f} {:>7.2f} {:>7.2f} {:>8.3f}\n", series.path,
                       series.hour.mase, series.day.mase, 100.0 * series.hour.coverage, 100.0 * series.day.coverage,
                       series.hour.msis, series.day.msis, series.cpu_ms);
  }
  return out;
}

std::string RenderJson(std::span<const ForecasterScore> scores) {
  const auto s = Summarise(scores.back(), scores.front());
  return boost::json::serialize(boost::json::object{{"relative_mase_60", s.relative_hour},
                                                    {"mase_60", s.hour},
                                                    {"relative_mase_24h", s.relative_day},
                                                    {"mase_24h", s.day},
                                                    {"coverage_60", s.coverage_hour},
                                                    {"coverage_24h", s.coverage_day},
                                                    {"msis_60", s.msis_hour},
                                                    {"msis_24h", s.msis_day},
                                                    {"cpu_ms_per_series", s.cpu_ms}}) +
         "\n";
}

}  // namespace

Result<std::string> RunBacktest(const BacktestOptions& options) {
  HELIOS_TRY(const auto entries, ReadManifest(options.directory));
  std::vector<ForecasterScore> scores = {{"seasonal naive 24 h", {}}, {"Helios", {}}};
  const std::vector<Forecaster> forecasters = {
      [](std::span<const double> history, std::size_t day, std::size_t steps) -> Result<ml::IntervalForecast> {
        return ml::YardstickForecast(Filled(history), day, steps, kLevel);
      },
      [](std::span<const double> history, std::size_t day, std::size_t steps) -> Result<ml::IntervalForecast> {
        HELIOS_TRY(const auto fitted, ml::EnsembleForecaster::Fit(history, day));
        return fitted.Forecast(steps, kLevel);
      }};
  std::string left_out;
  for (const auto& entry : entries) {
    if (!entry.Has("forecast")) continue;
    HELIOS_TRY(const auto series, ReadRegularSeries(options.directory, entry));
    if (Origins(series).empty()) {
      left_out += fmt::format("left out {}: too short for a forecast of a day after three days\n", entry.path);
      continue;
    }
    for (std::size_t f = 0; f < forecasters.size(); ++f) {
      HELIOS_TRY(auto score, ScoreSeries(series, forecasters[f]));
      scores[f].series.push_back(std::move(score));
    }
  }
  if (scores.front().series.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.nothing_to_backtest",
                "cannot backtest {}: its manifest has no series for the task 'forecast' that is long enough",
                options.directory.string());
  }
  return options.json ? RenderJson(scores) : RenderTable(scores) + left_out;
}

}  // namespace helios::workbench
