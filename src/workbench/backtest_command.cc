// SPDX-License-Identifier: Apache-2.0
#include "workbench/backtest_command.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <optional>
#include <utility>

#include "ml/ensemble_forecaster.h"
#include "ml/model_choice.h"
#include "ml/varied_parameters.h"
#include "workbench/backtest_scores.h"
#include "workbench/csv_series.h"
#include "workbench/level_coverage.h"
#include "workbench/manifest.h"
#include "workbench/named_forecasters.h"
#include "workbench/variance_shift_backtest.h"

namespace helios::workbench {
namespace {

constexpr std::string_view kHelios = "Helios";

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

Result<ml::IntervalForecast> Yardstick(std::span<const double> history, std::size_t day, std::size_t steps) {
  return ml::YardstickForecast(Filled(history), day, steps, kBacktestLevel);
}

Result<ml::IntervalForecast> Helios(std::span<const double> history, std::size_t day, std::size_t steps) {
  HELIOS_TRY(const auto fitted, ml::EnsembleForecaster::Fit(history, day));
  return fitted.Forecast(steps, kBacktestLevel);
}

/// One of the random settings.
BacktestForecaster Setting(std::uint64_t seed) {
  return [seed](std::span<const double> history, std::size_t day, std::size_t steps) -> Result<ml::IntervalForecast> {
    HELIOS_TRY(const auto fitted, ml::EnsembleForecaster::Fit(history, day, ml::VariedParameters(day, seed)));
    return fitted.Forecast(steps, kBacktestLevel);
  };
}

/// Of the models of ml/fitted_model.h, for each history those that its own past origins choose for a day ahead.
Result<ml::IntervalForecast> Chosen(std::span<const double> history, std::size_t day, std::size_t steps) {
  std::vector<ml::ModelCandidate> candidates;
  for (const auto model : ml::kNamedModels) candidates.push_back(ml::CandidateOf(model));
  const ml::RegularHistory regular{
      .first = {}, .step = std::chrono::milliseconds{std::chrono::days{1}} / static_cast<long>(day), .values = history};
  HELIOS_TRY(const auto choice, ml::ChooseModel(regular, std::span(candidates).subspan(1), {.steps = steps}));
  constexpr double kOutside = 0.5 * (1.0 - kBacktestLevel);
  HELIOS_TRY(auto forecast, choice.model->Forecast(steps, std::vector{kOutside, 1.0 - kOutside}));
  return ml::IntervalForecast{.value = std::move(forecast.value),
                              .lower = std::move(forecast.quantiles[0]),
                              .upper = std::move(forecast.quantiles[1])};
}

struct Rows {
  std::vector<ForecasterScore> scores;  // the yardstick, Helios, others
  LevelCoverage levels;                 // of Helios
  std::optional<ShiftCoverage> shift;   // of Helios, where asked for
  std::string left_out;                 // a line for each series that is too short
};

std::string RenderTable(const Rows& rows) {
  const auto& scores = rows.scores;
  std::string out =
      "                                relative MASE      mean MASE       coverage %          MSIS       CPU\n"
      "forecaster                     60 min    24 h  60 min    24 h  60 min   24 h  60 min   24 h        ms\n";
  for (const auto& score : scores) {
    const auto s = Summarise(score, scores.front());
    out += fmt::format("{:<30}{:>7.3f} {:>7.3f} {:>7.3f} {:>7.3f} {:>7.1f} {:>6.1f} {:>7.2f} {:>6.2f} {:>9.3f}\n",
                       score.name, s.relative_hour, s.relative_day, s.hour, s.day, s.coverage_hour, s.coverage_day,
                       s.msis_hour, s.msis_day, s.cpu_ms);
  }
  const auto helios = std::ranges::find(scores, kHelios, &ForecasterScore::name);
  out += fmt::format("\n{}: values inside intervals of each level\n", kHelios) + RenderLevels(rows.levels);
  if (rows.shift) {
    out += fmt::format("\n{}: values inside 95 % intervals after noise of 1.2 times the yardstick's error set in\n",
                       kHelios) +
           RenderShift(*rows.shift);
  }
  out += fmt::format("\n{} by series\n", kHelios);
  for (const auto& series : helios->series) {
    out += fmt::format("{:<42}{:>8.3f} {:>7.3f} {:>7.1f} {:>6.1f} {:>7.2f} {:>7.2f} {:>8.3f}\n", series.path,
                       series.hour.mase, series.day.mase, 100.0 * series.hour.coverage, 100.0 * series.day.coverage,
                       series.hour.msis, series.day.msis, series.cpu_ms);
  }
  return out + rows.left_out;
}

boost::json::object ToJson(const ScoreSummary& s) {
  return {{"relative_mase_60", s.relative_hour},
          {"mase_60", s.hour},
          {"relative_mase_24h", s.relative_day},
          {"mase_24h", s.day},
          {"coverage_60", s.coverage_hour},
          {"coverage_24h", s.coverage_day},
          {"msis_60", s.msis_hour},
          {"msis_24h", s.msis_day},
          {"cpu_ms_per_series", s.cpu_ms}};
}

std::string RenderJson(const Rows& rows) {
  const auto& scores = rows.scores;
  boost::json::object json;
  boost::json::array others;
  for (const auto& score : scores) {
    auto one = ToJson(Summarise(score, scores.front()));
    if (score.name == kHelios) {
      json = std::move(one);
    } else {
      one["name"] = score.name;
      others.push_back(std::move(one));
    }
  }
  boost::json::array levels;
  for (std::size_t i = 0; i < kCoverageLevels.size(); ++i) {
    levels.push_back({{"level", kCoverageLevels[i]},
                      {"coverage_60", 100.0 * rows.levels.hour[i]},
                      {"coverage_24h", 100.0 * rows.levels.day[i]}});
  }
  json["levels"] = std::move(levels);
  if (rows.shift) {
    boost::json::array shifts;
    for (std::size_t i = 0; i < kShiftAges.size(); ++i) {
      shifts.push_back({{"hours_ago", kShiftAges[i].count()},
                        {"coverage_60", 100.0 * rows.shift->hour[i]},
                        {"coverage_24h", 100.0 * rows.shift->day[i]}});
    }
    json["variance_shift"] = std::move(shifts);
  }
  json["others"] = std::move(others);
  return boost::json::serialize(json) + "\n";
}

Result<Rows> ScoreAll(const BacktestOptions& options) {
  std::vector<std::pair<std::string, BacktestForecaster>> forecasters = {{"seasonal naive 24 h", Yardstick},
                                                                         {std::string(kHelios), Helios}};
  if (options.models) {
    for (auto& named : NamedForecasters()) {
      forecasters.emplace_back(named.name, [forecast = std::move(named.forecast)](std::span<const double> history,
                                                                                  std::size_t day, std::size_t steps) {
        return forecast(history, day, steps, kBacktestLevel);
      });
    }
  }
  if (options.models) forecasters.emplace_back("chosen of these by the past", Chosen);
  const std::size_t rows_of_table = forecasters.size();
  for (std::size_t seed = 1; seed <= options.settings; ++seed) forecasters.emplace_back("", Setting(seed));

  Rows rows;
  std::vector<LevelCoverage> levels;
  std::vector<ShiftCoverage> shifts;
  for (const auto& [name, forecaster] : forecasters) rows.scores.push_back({name, {}});
  HELIOS_TRY(const auto entries, ReadManifest(options.directory));
  for (const auto& entry : entries) {
    if (!entry.Has("forecast")) continue;
    HELIOS_TRY(const auto series, ReadRegularSeries(options.directory, entry));
    if (BacktestOrigins(series).empty()) {
      rows.left_out += fmt::format("left out {}: too short for a forecast of a day after three days\n", entry.path);
      continue;
    }
    HELIOS_TRY(levels.emplace_back(), MeasureLevels(series));
    if (options.variance_shift) {
      HELIOS_TRY(shifts.emplace_back(), MeasureVarianceShift(series));
    }
    for (std::size_t f = 0; f < forecasters.size(); ++f) {
      HELIOS_TRY(auto score, ScoreSeries(series, forecasters[f].second));
      rows.scores[f].series.push_back(std::move(score));
    }
  }
  if (rows.scores.front().series.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "workbench.nothing_to_backtest",
                "cannot backtest {}: its manifest has no series for the task 'forecast' that is long enough",
                options.directory.string());
  }
  rows.levels = MeanCoverage(levels);
  if (options.variance_shift) rows.shift = MeanCoverage(shifts);
  if (options.settings > 0) {
    auto chosen = LeaveOneFamilyOut(std::span(rows.scores).subspan(rows_of_table));
    rows.scores.resize(rows_of_table);
    rows.scores.push_back({fmt::format("{}, best of {} unseen", kHelios, options.settings), std::move(chosen)});
  }
  return rows;
}

}  // namespace

Result<std::string> RunBacktest(const BacktestOptions& options) {
  HELIOS_TRY(const auto rows, ScoreAll(options));
  return options.json ? RenderJson(rows) : RenderTable(rows);
}

}  // namespace helios::workbench
