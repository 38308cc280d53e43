// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/prediction_book.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace helios::predictions {
namespace {

void Mix(std::uint64_t& hash, std::uint64_t more) {
  hash = (hash ^ more) * 0x9e3779b97f4a7c15ULL;
  hash ^= hash >> 32U;
}

std::size_t PointsOf(const std::vector<AskedPrediction>& asked) {
  std::size_t points = 0;
  for (const AskedPrediction& prediction : asked) points += prediction.points.size();
  return points;
}

}  // namespace

bool PredictionBook::IsRepeated(TenantId tenant, const tsdb::SeriesKey& series, const ml::SeriesForecast& forecast,
                                double level) {
  std::uint64_t hash = std::hash<TenantId>{}(tenant);
  Mix(hash, std::hash<std::string_view>{}(series.metric));
  for (const tsdb::Label& label : series.labels) {
    Mix(hash, std::hash<std::string_view>{}(label.name));
    Mix(hash, std::hash<std::string_view>{}(label.value));
  }
  Mix(hash, std::hash<double>{}(level));
  for (const ml::ForecastPoint& point : forecast.points) Mix(hash, static_cast<std::uint64_t>(point.horizon.count()));
  if (answered_.size() >= limits_.most_known) answered_.clear();
  const auto [known, added] = answered_.try_emplace(hash, forecast.origin);
  return !added && std::exchange(known->second, forecast.origin) == forecast.origin;
}

bool PredictionBook::Allowed(TenantId tenant, std::size_t points, TimestampMs now) {
  const auto [at, added] = allowances_.try_emplace(tenant, Allowance{.points = limits_.points_in_hand, .at = now});
  Allowance& allowance = at->second;
  const std::chrono::duration<double, std::ratio<60>> minutes = std::max(now, allowance.at) - allowance.at;
  allowance.points = std::min(limits_.points_in_hand, allowance.points + minutes.count() * limits_.points_per_minute);
  allowance.at = now;
  if (allowance.points <= 0) return false;
  allowance.points -= static_cast<double>(points);  // below 0, so that a large question is kept whole
  return true;
}

void PredictionBook::Keep(TenantId tenant, const tsdb::SeriesKey& series, const std::optional<Uuid>& model,
                          const ml::SeriesForecast& forecast, double level, TimestampMs now) {
  const std::size_t points = forecast.points.size();
  const std::scoped_lock lock(mutex_);
  if (IsRepeated(tenant, series, forecast, level)) return;
  if (points_waiting_ + points > limits_.most_waiting) {
    metrics_.queue_full.Increment(static_cast<double>(points));
    return;
  }
  if (!Allowed(tenant, points, now)) {
    metrics_.beyond_rate.Increment(static_cast<double>(points));
    return;
  }
  points_waiting_ += points;
  waiting_[tenant].push_back({.series = series,
                              .model = model,
                              .origin = forecast.origin,
                              .step = forecast.step,
                              .level = level,
                              .points = forecast.points});
}

PredictionBook::ByTenant PredictionBook::Take() {
  const std::scoped_lock lock(mutex_);
  points_waiting_ = 0;
  return std::exchange(waiting_, {});
}

void PredictionBook::PutBack(TenantId tenant, std::vector<AskedPrediction> asked) {
  const std::size_t points = PointsOf(asked);
  const std::scoped_lock lock(mutex_);
  if (points_waiting_ + points > limits_.most_waiting) {
    metrics_.queue_full.Increment(static_cast<double>(points));
    return;
  }
  points_waiting_ += points;
  auto& waiting = waiting_[tenant];
  waiting.insert(waiting.begin(), std::make_move_iterator(asked.begin()), std::make_move_iterator(asked.end()));
}

std::size_t PredictionBook::waiting() const {
  const std::scoped_lock lock(mutex_);
  return points_waiting_;
}

}  // namespace helios::predictions
