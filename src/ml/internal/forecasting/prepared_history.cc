// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/prepared_history.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace helios::ml {
namespace {

constexpr std::size_t kProfileDays = 7;
/// What a day counts in the profile against the day after it.
constexpr float kProfileDecay = 0.85F;
/// Scaled values stay within this, so that their squares and sums stay finite in single precision.
constexpr double kMostScaled = 1e9;
/// Values beyond this are divided by it first, so that differences and sums stay finite.
constexpr double kHuge = 1e150;

/// Gaps up to `longest` become a line between their ends; longer ones the day before, or the nearest value.
std::vector<double> Filled(std::span<const double> values, std::size_t day, std::size_t longest) {
  std::vector<double> filled(values.begin(), values.end());
  const auto known = [](double y) { return std::isfinite(y); };
  const auto first = std::ranges::find_if(filled, known);
  std::fill(filled.begin(), first, first == filled.end() ? 0.0 : *first);
  std::size_t last = static_cast<std::size_t>(first - filled.begin());
  for (std::size_t t = last + 1; t < filled.size(); ++t) {
    if (!known(filled[t])) continue;
    const std::size_t gap = t - last - 1;
    for (std::size_t i = last + 1; i < t; ++i) {
      const double share = static_cast<double>(i - last) / static_cast<double>(t - last);
      const bool by_line = gap <= longest || i < day;
      filled[i] = by_line ? (1.0 - share) * filled[last] + share * filled[t] : filled[i - day];
    }
    last = t;
  }
  for (std::size_t i = last + 1; i < filled.size(); ++i) {
    filled[i] = i - last <= longest || i < day ? filled[last] : filled[i - day];
  }
  return filled;
}

/// The lower median: one of the values.
double MedianValue(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) / 2);
  std::ranges::nth_element(values, middle);
  return *middle;
}

float MedianOf(std::span<float> values) {
  const std::size_t middle = values.size() / 2;
  for (std::size_t i = 1; i < values.size(); ++i) {
    for (std::size_t at = i; at > 0 && values[at] < values[at - 1]; --at) std::swap(values[at], values[at - 1]);
  }
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2.0F;
}

}  // namespace

PreparedHistory::PreparedHistory(std::span<const double> values, DayShape shape) : shape_(shape) {
  const auto filled = Filled(values, shape.day, shape.hour);
  const std::size_t n = filled.size();
  double largest = 0.0;
  for (std::size_t t = 0; t < n; ++t) {
    largest = std::max(largest, std::abs(filled[t]));
    scaling_.never_negative = scaling_.never_negative && filled[t] >= 0.0;
    scaling_.constant = scaling_.constant && filled[t] == filled[0];
  }
  if (largest > kHuge) scaling_.unit = 1.0 / kHuge;
  double difference = 0.0;
  for (std::size_t t = 0; t < n; ++t) {
    if (t >= shape.day) difference += std::abs(filled[t] * scaling_.unit - filled[t - shape.day] * scaling_.unit);
  }
  scaling_.centre = MedianValue(filled) * scaling_.unit;
  scaling_.scale = n > shape.day ? difference / static_cast<double>(n - shape.day) : 0.0;
  const double least = largest * scaling_.unit / kMostScaled;
  if (!(scaling_.scale > least)) scaling_.scale = least > 0.0 ? least : 1.0;
  Fill(filled, values);
}

PreparedHistory::PreparedHistory(std::span<const double> values, DayShape shape, const Scaling& scaling)
    : shape_(shape), scaling_(scaling) {
  const auto filled = Filled(values, shape.day, shape.hour);
  for (const double value : filled) {
    scaling_.never_negative = scaling_.never_negative && value >= 0.0;
    scaling_.constant = scaling_.constant && value == filled[0];
  }
  Fill(filled, values);
}

void PreparedHistory::Fill(std::span<const double> filled, std::span<const double> values) {
  const std::size_t n = filled.size();
  floor_ = scaling_.never_negative ? static_cast<float>(-scaling_.centre / scaling_.scale)
                                   : -std::numeric_limits<float>::infinity();
  z_.reserve(n + shape_.day);
  smooth_.reserve(n + shape_.day);
  for (std::size_t t = 0; t < n; ++t) Push(ToScaled(filled[t]), std::isfinite(values[t]));
  while (profile_.size() < n + shape_.day) ExtendProfiles();
  while (departures_.size() < n) ExtendDepartures();
}

void PreparedHistory::Append(double value) {
  const bool measured = std::isfinite(value);
  if (measured) {
    if (scaling_.never_negative && value < 0.0) {
      scaling_.never_negative = false;
      floor_ = -std::numeric_limits<float>::infinity();
    }
    scaling_.constant = scaling_.constant && value == ToUnit(z_.back());
  }
  Push(measured ? ToScaled(value) : FillIn(), measured);
  ExtendProfiles();
  ExtendDepartures();
}

void PreparedHistory::DropOldest(std::size_t count) {
  const auto drop = [count](auto& column) {
    column.erase(column.begin(), column.begin() + static_cast<std::ptrdiff_t>(count));
  };
  drop(z_);
  drop(measured_);
  drop(sums_);
  drop(smooth_);
  drop(profile_);
  drop(median_);
  drop(week_);
  drop(profile_sums_);
  drop(week_sums_);
  drop(departures_);
  drop(departure_sums_);
}

double PreparedHistory::ToUnit(float z) const {
  if (z <= floor_) return 0.0;
  constexpr double kLargest = std::numeric_limits<double>::max();
  return std::clamp((scaling_.centre + static_cast<double>(z) * scaling_.scale) / scaling_.unit, -kLargest, kLargest);
}

double PreparedHistory::Rounding(float z) const {
  constexpr double kShare = 4.0 * std::numeric_limits<float>::epsilon();
  return std::min(std::abs(static_cast<double>(z)) * scaling_.scale * kShare / scaling_.unit,
                  std::numeric_limits<double>::max());
}

float PreparedHistory::ToScaled(double value) const {
  return static_cast<float>(
      std::clamp((value * scaling_.unit - scaling_.centre) / scaling_.scale, -kMostScaled, kMostScaled));
}

float PreparedHistory::FillIn() const {
  const std::size_t t = z_.size();
  std::size_t gap = 0;
  while (gap < shape_.hour && gap < t && measured_[t - 1 - gap] == 0) ++gap;
  return gap < shape_.hour || t < shape_.day ? z_.back() : z_[t - shape_.day];
}

void PreparedHistory::Push(float z, bool measured) {
  z_.push_back(z);
  measured_.push_back(measured ? 1 : 0);
  sums_.push_back(sums_.back() + static_cast<double>(z));
  ExtendSmooth();
}

void PreparedHistory::ExtendSmooth() {
  const std::size_t last = z_.size() - 1;
  smooth_.push_back(0.0F);
  for (std::size_t t = last >= 2 ? last - 2 : 0; t <= last; ++t)
    smooth_[t] = Mean(t >= 2 ? t - 2 : 0, std::min(t + 2, last));
}

void PreparedHistory::ExtendDepartures() {
  const std::size_t t = departures_.size();
  departures_.push_back(t >= shape_.day ? z_[t] - median_[t] : 0.0F);
  departure_sums_.push_back(departure_sums_.back() + static_cast<double>(departures_.back()));
}

void PreparedHistory::ExtendProfiles() {
  const std::size_t t = profile_.size();
  const std::size_t day = shape_.day;
  float profile = z_[std::min(t, z_.size() - 1)];
  float median = profile;
  if (t >= day) {
    std::array<float, kProfileDays> days{};
    std::size_t count = 0;
    float sum = 0.0F;
    float weights = 0.0F;
    float weight = 1.0F;
    for (std::size_t j = 1; j <= kProfileDays && t >= j * day; ++j) {
      const std::size_t at = t - j * day;
      // Yesterday's value may be the newest there is: nothing after it may be read.
      const float value = j == 1 ? Mean(at >= 2 ? at - 2 : 0, at) : smooth_[at];
      weight *= kProfileDecay;
      sum += weight * value;
      weights += weight;
      days[count++] = value;
    }
    profile = sum / weights;
    median = MedianOf(std::span(days).first(count));
  }
  const float week = t >= 7 * day ? smooth_[t - 7 * day] : profile;
  profile_.push_back(profile);
  median_.push_back(median);
  week_.push_back(week);
  profile_sums_.push_back(profile_sums_.back() + static_cast<double>(profile));
  week_sums_.push_back(week_sums_.back() + static_cast<double>(week));
}

}  // namespace helios::ml
