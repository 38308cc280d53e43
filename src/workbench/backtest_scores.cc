// SPDX-License-Identifier: Apache-2.0
#include "workbench/backtest_scores.h"

#include <ctime>

#include <algorithm>
#include <cmath>
#include <limits>

namespace helios::workbench {
namespace {

constexpr std::size_t kOrigins = 8;
constexpr double kShare = 0.3;
constexpr std::size_t kMostHistoryDays = 14;
constexpr std::size_t kLeastHistoryDays = 3;
constexpr std::chrono::seconds kDay{86'400};
/// A score of nothing has no logarithm; below this, settings count as equal.
constexpr double kLeastScore = 1e-3;

double ThreadCpuMs() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
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

/// How badly a setting did on one series.
double Loss(const SeriesScore& score) {
  double loss = 0.0;
  for (const double one : {score.hour.mase, score.day.mase, score.hour.msis, score.day.msis}) {
    loss += std::log(std::max(one, kLeastScore));
  }
  return loss;
}

}  // namespace

std::vector<std::size_t> BacktestOrigins(const RegularSeries& series) {
  const auto day = static_cast<std::size_t>(kDay / series.step);
  return ml::RollingOrigins(series.values.size(), day, kLeastHistoryDays * day, kOrigins, kShare);
}

std::span<const double> BacktestHistory(const RegularSeries& series, std::size_t origin) {
  const auto day = static_cast<std::size_t>(kDay / series.step);
  const std::size_t length = std::min(origin, kMostHistoryDays * day);
  return std::span(series.values).subspan(origin - length, length);
}

std::size_t HourSteps(std::size_t day) {
  return std::max<std::size_t>(4, day / 24);
}

Result<SeriesScore> ScoreSeries(const RegularSeries& series, const BacktestForecaster& forecaster) {
  const auto day = static_cast<std::size_t>(kDay / series.step);
  const std::size_t hour = HourSteps(day);
  const std::span values(series.values);
  const auto origins = BacktestOrigins(series);
  SeriesScore score;
  score.path = series.path;
  score.family = series.path.substr(0, series.path.find('/'));
  std::vector<ml::ForecastScore> hours;
  std::vector<ml::ForecastScore> days;
  for (const std::size_t origin : origins) {
    const auto history = BacktestHistory(series, origin);
    const double start = ThreadCpuMs();
    HELIOS_TRY(const auto forecast, forecaster(history, day, day));
    score.cpu_ms += (ThreadCpuMs() - start) / static_cast<double>(origins.size());
    const double scale = ml::SeasonalNaiveScale(history, day);
    if (!(scale > 0.0)) continue;
    const auto actual = values.subspan(origin, day);
    hours.push_back(ml::ScoreForecast(actual, forecast, hour, scale, kBacktestLevel));
    days.push_back(ml::ScoreForecast(actual, forecast, day, scale, kBacktestLevel));
  }
  score.hour = ml::MeanScore(hours);
  score.day = ml::MeanScore(days);
  return score;
}

ScoreSummary Summarise(const ForecasterScore& score, const ForecasterScore& yardstick) {
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

std::vector<SeriesScore> LeaveOneFamilyOut(std::span<const ForecasterScore> settings) {
  std::vector<SeriesScore> chosen;
  for (std::size_t i = 0; i < settings.front().series.size(); ++i) {
    const auto& family = settings.front().series[i].family;
    double least = std::numeric_limits<double>::infinity();
    const ForecasterScore* best = &settings.front();
    for (const auto& setting : settings) {
      double loss = 0.0;
      for (const auto& other : setting.series) loss += other.family == family ? 0.0 : Loss(other);
      if (loss >= least) continue;
      least = loss;
      best = &setting;
    }
    chosen.push_back(best->series[i]);
  }
  return chosen;
}

}  // namespace helios::workbench
