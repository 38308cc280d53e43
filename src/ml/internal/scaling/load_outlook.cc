// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/scaling/load_outlook.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/internal/scaling/replay.h"

namespace helios::ml {
namespace {

constexpr std::chrono::seconds kDay{86'400};
constexpr std::chrono::seconds kFinestBucket{300};
constexpr std::chrono::seconds kCoarsestBucket{3 * 3'600};  // a day of eight, the least that forecasts take
constexpr std::size_t kProfileDays = 7;
constexpr std::chrono::seconds kProfileReach{1'800};  // to either side of a time of day
constexpr std::size_t kPeakDays = 14;
constexpr double kForecastLevel = 0.8;  // its upper bound is the 90 % quantile

/// The least multiple of `step` that is five minutes or more and divides a day; `step` where there is none.
std::chrono::seconds BucketOf(std::chrono::seconds step) {
  for (auto bucket = step; bucket <= kCoarsestBucket; bucket += step) {
    if (bucket >= kFinestBucket && kDay % bucket == std::chrono::seconds{0}) return bucket;
  }
  return step;
}

/// Finite, so that no margin of nothing is NaN.
double Above(const IntervalForecast& ahead, std::size_t h) {
  return std::min(ahead.upper[h] - ahead.value[h], std::numeric_limits<double>::max());
}

}  // namespace

LoadOutlook::LoadOutlook(const LoadTrace& trace, const ScalingTarget& target, std::size_t forecasts_from)
    : ticks_a_step_(TicksAStep(trace)),
      lead_(static_cast<std::size_t>(target.startup / kTick)),
      ticks_(Ticks(trace)),
      first_forecast_(std::numeric_limits<std::size_t>::max()) {
  const auto bucket = BucketOf(trace.step);
  ticks_a_bucket_ = static_cast<std::size_t>(bucket / kTick);
  steps_a_bucket_ = static_cast<std::size_t>(bucket / trace.step);
  const bool fills = bucket <= kCoarsestBucket && kDay % bucket == std::chrono::seconds{0};
  day_ = fills ? static_cast<std::size_t>(kDay / bucket) : 0;
  horizon_ = lead_ / ticks_a_bucket_ + 3;
  FoldBuckets(trace);
  last_hour_ = HighestOfLast(std::chrono::hours{1});
  half_day_ = HighestOfLast(std::chrono::hours{12});
  if (day_ == 0) return;
  MakeForecasts(forecasts_from / ticks_a_bucket_);
  MakeProfile();
}

void LoadOutlook::FoldBuckets(const LoadTrace& trace) {
  const double unit = LoadUnit(trace);
  for (std::size_t from = 0; from < trace.load.size(); from += steps_a_bucket_) {
    double sum = 0.0;
    double highest = 0.0;
    double known = 0.0;
    for (std::size_t i = from; i < std::min(from + steps_a_bucket_, trace.load.size()); ++i) {
      if (!std::isfinite(trace.load[i])) continue;
      const double load = std::max(trace.load[i], 0.0);
      sum += load / unit;
      highest = std::max(highest, load);
      known += 1.0;
    }
    mean_.push_back(known > 0.0 ? sum / known * unit : std::numeric_limits<double>::quiet_NaN());
    highest_.push_back(highest);
  }
}

std::vector<double> LoadOutlook::HighestOfLast(std::chrono::seconds window) const {
  const std::size_t buckets = std::max<std::size_t>(1, static_cast<std::size_t>(window / kTick) / ticks_a_bucket_);
  std::vector<double> highest(highest_.size() + 1, 0.0);
  for (std::size_t known = 1; known <= highest_.size(); ++known) {
    for (std::size_t i = known - std::min(known, buckets); i < known; ++i) {
      highest[known] = std::max(highest[known], highest_[i]);
    }
  }
  return highest;
}

void LoadOutlook::MakeForecasts(std::size_t from) {
  forecast_.resize((mean_.size() + 1) * horizon_);
  // Forecasters are fitted at whole days.
  for (std::size_t known = std::max(EnsembleForecaster::kLeastDays, from / day_) * day_; known <= mean_.size();
       ++known) {
    if (forecaster_) forecaster_->Append(mean_[known - 1]);
    if (known % day_ == 0) {
      const std::size_t most = std::min(known, EnsembleForecaster::kMostDays * day_);
      auto fitted = EnsembleForecaster::Fit(std::span(mean_).subspan(known - most, most), day_);
      if (fitted) forecaster_ = *std::move(fitted);
    }
    if (!forecaster_ || known < from) continue;
    first_forecast_ = std::min(first_forecast_, known);
    const auto ahead = forecaster_->Forecast(std::min(horizon_, day_), kForecastLevel);
    for (std::size_t h = 0; h < ahead.value.size(); ++h) {
      forecast_[known * horizon_ + h] = {ahead.value[h], Above(ahead, h)};
    }
  }
}

double LoadOutlook::ProfileAt(std::size_t bucket) const {
  const std::size_t reach = static_cast<std::size_t>(kProfileReach / kTick) / ticks_a_bucket_;
  double highest = 0.0;
  for (std::size_t back = 1; back <= kProfileDays && back * day_ <= bucket; ++back) {
    const std::size_t centre = bucket - back * day_;
    const std::size_t end = std::min(centre + reach + 1, highest_.size());
    for (std::size_t i = centre - std::min(centre, reach); i < end; ++i) highest = std::max(highest, highest_[i]);
  }
  return highest;
}

double LoadOutlook::PeakBefore(std::size_t bucket) const {
  double highest = 0.0;
  const std::size_t end = std::min(bucket, highest_.size());
  for (std::size_t i = bucket - std::min(bucket, kPeakDays * day_); i < end; ++i) {
    highest = std::max(highest, highest_[i]);
  }
  return highest;
}

void LoadOutlook::MakeProfile() {
  const std::size_t size = highest_.size() + horizon_;
  profile_.assign(size, 0.0);
  peak_.assign(size, 0.0);
  for (std::size_t bucket = day_; bucket < size; ++bucket) {
    profile_[bucket] = ProfileAt(bucket);
    peak_[bucket] = bucket % day_ == 0 ? PeakBefore(bucket) : peak_[bucket - 1];  // once a day is enough
  }
}

double LoadOutlook::LevelIn(LoadSource source, double margin, std::size_t bucket, std::size_t known) const {
  switch (source) {
    case LoadSource::kPresent: return 0.0;
    case LoadSource::kForecast: {
      // A bucket that is known already is the present load's business.
      if (known < first_forecast_ || bucket < known || bucket - known >= horizon_) return 0.0;
      const auto& expected = forecast_[known * horizon_ + bucket - known];
      return expected.value + margin * expected.above;
    }
    case LoadSource::kLastHour: return margin * last_hour_[known];
    case LoadSource::kHalfDay: return margin * half_day_[known];
    case LoadSource::kProfile: return bucket < profile_.size() ? margin * profile_[bucket] : 0.0;
    case LoadSource::kPeak: return bucket < peak_.size() ? margin * peak_[std::min(bucket, known)] : 0.0;
  }
  return 0.0;
}

double LoadOutlook::Level(LoadSource source, double margin, std::size_t tick) const {
  if (source == LoadSource::kPresent) return 0.0;
  // A step's load is known from its second tick on.
  const std::size_t known = std::min((tick + ticks_a_step_ - 1) / ticks_a_step_ / steps_a_bucket_, mean_.size());
  const std::size_t first = (tick + lead_) / ticks_a_bucket_;
  const std::size_t last = (tick + lead_ + 1) / ticks_a_bucket_;
  double level = LevelIn(source, margin, first, known);
  if (last != first) level = std::max(level, LevelIn(source, margin, last, known));
  return std::max(level, 0.0);
}

std::vector<double> LoadOutlook::LevelsAfter(LoadSource source, double margin, std::size_t count) const {
  std::vector<double> levels(count, 0.0);
  if (count == 0 || day_ == 0) return levels;
  if (source == LoadSource::kForecast && forecaster_) {
    const auto ahead = forecaster_->Forecast(std::min(count, day_), kForecastLevel);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t h = std::min(i, ahead.value.size() - 1);
      levels[i] = std::max(0.0, ahead.value[h] + margin * Above(ahead, h));
    }
  } else if (source == LoadSource::kProfile) {
    for (std::size_t i = 0; i < count; ++i) levels[i] = margin * ProfileAt(highest_.size() + std::min(i, day_ - 1));
  } else if (source == LoadSource::kPeak) {
    std::ranges::fill(levels, margin * peak_[highest_.size()]);
  }
  return levels;
}

std::size_t LoadOutlook::FirstTick(LoadSource source) const {
  if (source == LoadSource::kPresent || source == LoadSource::kLastHour || source == LoadSource::kHalfDay) return 0;
  if (day_ == 0) return ticks_;
  const std::size_t bucket = source == LoadSource::kForecast ? first_forecast_ : day_;
  return bucket < mean_.size() ? bucket * ticks_a_bucket_ : ticks_;
}

}  // namespace helios::ml
