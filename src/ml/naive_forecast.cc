// SPDX-License-Identifier: Apache-2.0
#include "ml/naive_forecast.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace helios::ml {

std::optional<double> MeanOfStep(std::span<const Sample> samples, TimestampMs end, std::chrono::milliseconds step) {
  double sum = 0;
  std::size_t count = 0;
  for (auto at = std::ranges::upper_bound(samples, end, {}, &Sample::time); at != samples.begin();) {
    --at;
    if (at->time <= end - step) break;
    if (!std::isfinite(at->value)) continue;
    sum += at->value;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

std::chrono::milliseconds NaiveLag(TimestampMs origin, TimestampMs time, NaiveMethod method) {
  const auto ahead = time - origin;
  if (method.season.count() <= 0) return ahead;
  return (ahead + method.season - std::chrono::milliseconds{1}) / method.season * method.season;
}

std::optional<double> NaiveForecast(std::span<const Sample> samples, TimestampMs origin, TimestampMs time,
                                    NaiveMethod method) {
  if (const auto value = MeanOfStep(samples, time - NaiveLag(origin, time, method), method.step)) return value;
  return MeanOfStep(samples, origin, method.step);
}

std::optional<double> NaiveHalfWidth(std::span<const Sample> samples, std::chrono::milliseconds lag,
                                     std::chrono::milliseconds step, double level) {
  const Grid grid = ToGrid(samples, step, step);
  const auto apart = static_cast<std::size_t>(std::max<std::int64_t>(1, (lag + step / 2) / step));
  std::vector<double> differences;
  for (std::size_t i = apart; i < grid.values.size(); ++i) {
    const double difference = std::abs(grid.values[i] - grid.values[i - apart]);
    if (std::isfinite(difference)) differences.push_back(difference);
  }
  if (differences.empty()) return std::nullopt;
  const auto count = static_cast<double>(differences.size());
  const auto rank = static_cast<std::size_t>(std::min(count, std::max(1.0, std::ceil((count + 1) * level))));
  const auto at = differences.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::ranges::nth_element(differences, at);
  return *at;
}

}  // namespace helios::ml
