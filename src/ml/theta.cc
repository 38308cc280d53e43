// SPDX-License-Identifier: Apache-2.0
#include "ml/theta.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "ml/internal/models/fill_gaps.h"

namespace helios::ml {

static_assert(Model<Theta>);

namespace {

/// Below this share of the mean a phase is too small to divide by.
constexpr double kLeastPhase = 0.1;
/// Two-sided 90 % point of the normal distribution.
constexpr double kSignificance = 1.645;
constexpr double kLeastWeight = 0.001;
constexpr int kWeightSearches = 30;

/// Mean over a season around each value, that of the nearest whole season at the ends.
std::vector<double> MovingAverage(std::span<const double> values, std::size_t season) {
  std::vector<double> sums(values.size() + 1, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) sums[i + 1] = sums[i] + values[i];
  const auto mean = [&](std::size_t begin) {
    return (sums[begin + season] - sums[begin]) / static_cast<double>(season);
  };
  const std::size_t before = season / 2;
  const std::size_t last = values.size() - season;
  std::vector<double> averages(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::size_t begin = std::min(i < before ? 0 : i - before, last);
    // An even season has no middle: half of the value on either side.
    const bool inner = season % 2 == 0 && i >= before && begin + 1 <= last && i - before <= last;
    averages[i] = inner ? 0.5 * (mean(begin) + mean(begin + 1)) : mean(begin);
  }
  return averages;
}

bool IsSeasonal(std::span<const double> values, std::size_t season) {
  const auto n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  const auto covariance = [&](std::size_t lag) {
    double sum = 0.0;
    for (std::size_t i = lag; i < values.size(); ++i) sum += (values[i] - mean) * (values[i - lag] - mean);
    return sum;
  };
  const double variance = covariance(0);
  if (!(variance > 0.0)) return false;
  double squares = 0.0;
  for (std::size_t lag = 1; lag < season; ++lag) {
    const double correlation = covariance(lag) / variance;
    squares += correlation * correlation;
  }
  return covariance(season) / variance > kSignificance * std::sqrt((1.0 + 2.0 * squares) / n);
}

/// Means by phase of values over (or less) their moving average, with mean 1 (or 0).
std::vector<double> Phases(std::span<const double> values, std::span<const double> averages, std::size_t season,
                           bool multiplicative) {
  std::vector<double> phases(season, 0.0);
  std::vector<double> counts(season, 0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    phases[i % season] += multiplicative ? values[i] / averages[i] : values[i] - averages[i];
    counts[i % season] += 1.0;
  }
  double mean = 0.0;
  for (std::size_t p = 0; p < season; ++p) {
    phases[p] /= counts[p];
    mean += phases[p] / static_cast<double>(season);
  }
  for (auto& phase : phases) phase = multiplicative ? phase / mean : phase - mean;
  return phases;
}

double SquaredErrors(std::span<const double> values, double weight) {
  double level = values.front();
  double sum = 0.0;
  for (const double value : values.subspan(1)) {
    const double error = value - level;
    sum += error * error;
    level += weight * error;
  }
  return sum;
}

/// The weight with the least squared one-step errors, by golden section.
double BestWeight(std::span<const double> values) {
  constexpr double kGolden = 0.6180339887498949;
  double low = kLeastWeight;
  double high = 1.0;
  double a = high - kGolden * (high - low);
  double b = low + kGolden * (high - low);
  double at_a = SquaredErrors(values, a);
  double at_b = SquaredErrors(values, b);
  for (int i = 0; i < kWeightSearches; ++i) {
    if (at_a <= at_b) {
      high = b;
      b = a;
      at_b = at_a;
      a = high - kGolden * (high - low);
      at_a = SquaredErrors(values, a);
    } else {
      low = a;
      a = b;
      at_a = at_b;
      b = low + kGolden * (high - low);
      at_b = SquaredErrors(values, b);
    }
  }
  return 0.5 * (low + high);
}

double Slope(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  if (values.size() < 2) return 0.0;
  const double middle = 0.5 * (n - 1.0);
  double product = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) product += (static_cast<double>(i) - middle) * values[i];
  return product / (n * (n * n - 1.0) / 12.0);
}

}  // namespace

Theta Theta::Fit(std::span<const double> values, std::size_t season) {
  auto adjusted = FillGaps(values);
  Theta model;
  if (season >= 2 && 2 * season <= values.size() && IsSeasonal(adjusted, season)) {
    const auto averages = MovingAverage(adjusted, season);
    if (std::ranges::min(adjusted) > 0.0) {
      model.phases_ = Phases(adjusted, averages, season, true);
      model.multiplicative_ = std::ranges::min(model.phases_) >= kLeastPhase;
    }
    if (!model.multiplicative_) model.phases_ = Phases(adjusted, averages, season, false);
    for (std::size_t i = 0; i < adjusted.size(); ++i) {
      model.next_phase_ = i % season;
      adjusted[i] = model.Adjusted(adjusted[i]);
    }
    model.next_phase_ = 0;
  }
  model.slope_ = Slope(adjusted);
  model.weight_ = adjusted.size() < 3 ? 1.0 : BestWeight(adjusted);
  model.level_ = adjusted.front();
  for (const double value : values) model.Update(value);
  return model;
}

double Theta::Adjusted(double value) const {
  if (phases_.empty()) return value;
  return multiplicative_ ? value / phases_[next_phase_] : value - phases_[next_phase_];
}

void Theta::Update(double value) {
  if (std::isfinite(value)) level_ += weight_ * (Adjusted(value) - level_);
  faded_ *= 1.0 - weight_;
  if (!phases_.empty() && ++next_phase_ == phases_.size()) next_phase_ = 0;
}

Theta::Reach Theta::ReachFor(std::size_t steps) const {
  return {.offset = phases_.empty() ? 0 : (steps - 1) % phases_.size(), .steps = static_cast<double>(steps)};
}

double Theta::Predict(const Reach& reach) const {
  const double base = level_ + 0.5 * slope_ * (reach.steps - 1.0 + (1.0 - faded_) / weight_);
  if (phases_.empty()) return base;
  const double phase = phases_[(next_phase_ + reach.offset) % phases_.size()];
  return multiplicative_ ? base * phase : base + phase;
}

}  // namespace helios::ml
