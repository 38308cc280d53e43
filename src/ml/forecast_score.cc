// SPDX-License-Identifier: Apache-2.0
#include "ml/forecast_score.h"

#include <algorithm>
#include <cmath>

#include "ml/internal/student_t.h"

namespace helios::ml {
double SeasonalNaiveScale(std::span<const double> history, std::size_t season) {
  double sum = 0.0;
  std::size_t count = 0;
  for (std::size_t t = season; t < history.size(); ++t) {
    const double difference = std::abs(history[t] - history[t - season]);
    if (std::isnan(difference)) continue;
    sum += difference;
    ++count;
  }
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

ForecastScore ScoreForecast(std::span<const double> actual, const IntervalForecast& forecast, std::size_t steps,
                            double scale, double level) {
  ForecastScore score;
  const double penalty = 2.0 / (1.0 - level);
  for (std::size_t h = 0; h < steps; ++h) {
    const double y = actual[h];
    if (std::isnan(y)) continue;
    const double lower = forecast.lower[h];
    const double upper = forecast.upper[h];
    score.mase += std::abs(y - forecast.value[h]);
    score.msis += upper - lower + penalty * (std::max(0.0, lower - y) + std::max(0.0, y - upper));
    score.coverage += lower <= y && y <= upper ? 1.0 : 0.0;
    ++score.steps;
  }
  if (score.steps == 0) return score;
  const auto count = static_cast<double>(score.steps);
  score.mase /= count * scale;
  score.msis /= count * scale;
  score.coverage /= count;
  return score;
}

ForecastScore MeanScore(std::span<const ForecastScore> scores) {
  ForecastScore mean;
  std::size_t count = 0;
  for (const auto& score : scores) {
    if (score.steps == 0) continue;
    mean.mase += score.mase;
    mean.msis += score.msis;
    mean.coverage += score.coverage;
    mean.steps += score.steps;
    ++count;
  }
  if (count == 0) return mean;
  mean.mase /= static_cast<double>(count);
  mean.msis /= static_cast<double>(count);
  mean.coverage /= static_cast<double>(count);
  return mean;
}

std::vector<std::size_t> RollingOrigins(std::size_t size, std::size_t horizon, std::size_t least, std::size_t count,
                                        double share) {
  std::vector<std::size_t> origins;
  const auto first = static_cast<std::size_t>((1.0 - share) * static_cast<double>(size));
  if (count == 0 || size < first + horizon) return origins;
  const std::size_t room = size - horizon - first;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t origin = first + (count == 1 ? 0 : room * i / (count - 1));
    if (origin < least || (!origins.empty() && origins.back() == origin)) continue;
    origins.push_back(origin);
  }
  return origins;
}

IntervalForecast YardstickForecast(std::span<const double> history, std::size_t season, std::size_t steps,
                                   double level) {
  const auto pairs = static_cast<double>(history.size() - season);
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t t = season; t < history.size(); ++t) sum += history[t] - history[t - season];
  const double mean = sum / pairs;
  for (std::size_t t = season; t < history.size(); ++t) {
    const double error = history[t] - history[t - season] - mean;
    squares += error * error;
  }
  const double half = pairs > 1.0 ? NormalQuantile((1.0 + level) / 2.0) * std::sqrt(squares / (pairs - 1.0)) : 0.0;
  const bool never_negative = std::ranges::all_of(history, [](double y) { return y >= 0.0; });
  const double floor = never_negative ? 0.0 : -HUGE_VAL;

  IntervalForecast forecast;
  for (std::size_t h = 0; h < steps; ++h) {
    const double value = history[history.size() - season + h];
    forecast.value.push_back(value);
    forecast.lower.push_back(std::max(floor, value - half));
    forecast.upper.push_back(value + half);
  }
  return forecast;
}

}  // namespace helios::ml
