// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/models/lag_features.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

#include "ml/internal/models/fill_gaps.h"

namespace helios::ml {
namespace {

constexpr std::size_t kDaysOfProfile = 7;
/// A series that hardly varies is not scaled up beyond this share of its size.
constexpr double kLeastScale = 1e-6;
/// Values that come later and are beyond all measure are taken for this many scales.
constexpr double kLargest = 1e12;

/// 1 to 31, so many days after Monday, 5 January 1970.
float DayOfMonth(std::size_t days) {
  const std::chrono::sys_days monday{std::chrono::year{1970} / 1 / 5};
  const std::chrono::year_month_day date{monday + std::chrono::days{days}};
  return static_cast<float>(static_cast<unsigned>(date.day()));
}

}  // namespace

void LagFeatures::Running::Push(double value) {
  sums.push_back(sums.back() + value);
  values.push_back(value);
}

double LagFeatures::Running::Mean(std::size_t first, std::size_t end) const {
  return (sums[end] - sums[first]) / static_cast<double>(end - first);
}

LagFeatures::LagFeatures(std::span<const std::span<const double>> series, std::size_t day, std::size_t phase)
    : LagFeatures(series, day, phase, {}) {}

LagFeatures::LagFeatures(std::span<const std::span<const double>> series, std::size_t day, std::size_t phase,
                         std::span<const Scaling> scalings)
    : day_(day), hour_(std::max<std::size_t>(1, day / 24)), phase_(phase) {
  const std::size_t size = series.front().size();
  std::vector<double> together(size, 0.0);
  for (const auto values : series) {
    double largest = 0.0;
    for (const double value : values) largest = std::isnan(value) ? largest : std::max(largest, std::abs(value));
    const bool kept = !scalings.empty();
    double unit = largest > 0.0 ? std::ldexp(1.0, std::max(-1000, std::ilogb(largest))) : 1.0;
    if (kept) unit = scalings[scales_.size()].unit;
    std::vector<double> divided;
    divided.reserve(size);
    for (const double value : values) divided.push_back(value / unit);
    const auto filled = FillGaps(divided);
    double sum = 0.0;
    for (std::size_t t = day; t < size; ++t) sum += std::abs(filled[t] - filled[t - day]);
    double scale = std::max(sum / static_cast<double>(size - day), kLeastScale);
    if (kept) scale = scalings[scales_.size()].scale;
    auto& scaled = scaled_.emplace_back();
    auto& known = known_.emplace_back();
    for (std::size_t t = 0; t < size; ++t) {
      scaled.Push(std::clamp(filled[t] / scale, -kLargest, kLargest));
      known.push_back(std::isnan(values[t]) ? 0 : 1);
      together[t] += scaled.values.back();
    }
    units_.push_back(unit);
    scales_.push_back(scale);
  }
  for (const double value : together) together_.Push(value);
}

std::vector<LagFeatures::Scaling> LagFeatures::scalings() const {
  std::vector<Scaling> scalings;
  for (std::size_t s = 0; s < series(); ++s) scalings.push_back({.unit = units_[s], .scale = scales_[s]});
  return scalings;
}

void LagFeatures::Append(std::span<const double> values) {
  double together = 0.0;
  for (std::size_t s = 0; s < series(); ++s) {
    const bool known = std::isfinite(values[s]);
    // A gap is taken to be as yesterday.
    const double value = known ? std::clamp(values[s] / units_[s] / scales_[s], -kLargest, kLargest)
                               : scaled_[s].values[scaled_[s].values.size() - day_];
    scaled_[s].Push(value);
    known_[s].push_back(known ? 1 : 0);
    together += value;
  }
  together_.Push(together);
}

float LagFeatures::Others(std::size_t s, std::size_t origin, std::size_t first, std::size_t end) const {
  if (series() < 2) return std::numeric_limits<float>::quiet_NaN();
  const auto above = [&](const Running& of) { return of.Mean(first, end) - of.Mean(origin + 1 - day_, origin + 1); };
  return static_cast<float>((above(together_) - above(scaled_[s])) / static_cast<double>(series() - 1));
}

double LagFeatures::Path::Level() const {
  return Mean(size() - features_.day_, size());
}

void LagFeatures::Path::Push(double value) {
  sums_.push_back(SumBefore(size()) + value);
  values_.push_back(value);
}

LagFeatures::Row LagFeatures::Path::Next() const {
  const std::size_t t = size();
  const std::size_t day = features_.day_;
  const std::size_t hour = features_.hour_;
  const double level = Level();
  Row row{};
  std::size_t next = 0;
  const auto add = [&](double value) { row[next++] = static_cast<float>(value); };
  const auto around = [&](std::size_t at, std::size_t width) {
    return Mean(at - std::min(width, at), std::min(at + width + 1, t)) - level;
  };
  for (std::size_t lag = 1; lag <= kLags; ++lag) add(At(t - lag) - level);
  add(Mean(t - std::min(hour, t), t) - level);
  add(Mean(t - std::min(3 * hour, t), t) - level);
  add(Mean(t - std::min(12 * hour, t), t) - level);
  add(At(t - day) - level);
  add(around(t - day, 3));
  add(around(t - day, std::max<std::size_t>(4, hour)));
  add(At(t - 1) - At(t - 1 - day));
  double profile = 0.0;
  std::size_t days = 0;
  for (std::size_t j = 1; j <= kDaysOfProfile && j * day <= t; ++j, ++days) profile += At(t - j * day);
  profile = profile / static_cast<double>(days) - level;
  add(profile);
  add(At(t - 2 * day) - level);
  add(t >= 7 * day ? At(t - 7 * day) - level : profile);
  const std::size_t time = features_.phase_ + t;
  const double turn = 2.0 * std::numbers::pi * static_cast<double>(time % day) / static_cast<double>(day);
  add(std::sin(turn));
  add(std::cos(turn));
  add(static_cast<double>((time / day) % 7));
  // Of other series no forecasts are at hand: what they did in the last hour that is known, and around this time
  // yesterday.
  const std::size_t known = origin_ + 1;
  row[next++] = features_.Others(series_, origin_, known - std::min(hour, known), known);
  row[next++] = features_.Others(series_, origin_, origin_, known);
  const std::size_t yesterday = std::min(t - day, origin_);
  row[next++] = features_.Others(series_, origin_, yesterday, yesterday + 1);
  row[next++] =
      features_.size() >= kDaysOfMonths * day ? DayOfMonth(time / day) : std::numeric_limits<float>::quiet_NaN();
  return row;
}

}  // namespace helios::ml
