// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/direct_ridge.h"

#include <algorithm>
#include <cmath>

#include "ml/internal/forecasting/normal_equations.h"

namespace helios::ml {
namespace {

constexpr std::size_t kOriginFeatures = 15;
/// Least residual, in medians, that a row of the second pass is weighted by.
constexpr float kLeastResidual = 0.1F;
/// The greatest; beyond it a weight would only lose its digits.
constexpr float kMostResidual = 1e6F;
constexpr std::size_t kFewestRows = 30;

using Features = DirectRidge::Features;
static_assert(DirectRidge::kFeatures == kEquations);

/// Mean of the last day at `origin`: what every feature and the target are measured from.
float Level(const PreparedHistory& history, std::size_t origin) {
  return history.Mean(origin + 1 - history.shape().day, origin);
}

/// What is the same for every horizon: the first kOriginFeatures.
void FillOriginFeatures(const PreparedHistory& history, std::size_t o, float level, Features& features) {
  const auto& shape = history.shape();
  const std::size_t day = shape.day;
  const std::size_t week = std::min(7 * day, o + 1);
  const std::size_t hour = shape.Part(24);
  const std::size_t three_hours = shape.Part(8);
  const auto last = [&](std::size_t steps) { return history.Mean(o + 1 - steps, o) - level; };
  std::size_t i = 0;
  features[i++] = history.z()[o] - level;
  features[i++] = history.z()[o - 1] - level;
  features[i++] = history.z()[o - 2] - level;
  features[i++] = last(shape.Part(96));
  features[i++] = last(shape.Part(48));
  features[i++] = last(hour);
  features[i++] = last(three_hours);
  features[i++] = last(shape.Part(2));
  features[i++] = history.Profile(o) - level;
  features[i++] = history.ProfileMean(o + 1 - hour, o) - level;
  features[i++] = history.ProfileMean(o + 1 - three_hours, o) - level;
  features[i++] = history.WeekMean(o + 1 - hour, o) - level;
  features[i++] = history.z()[o - day] - level;
  features[i++] = history.Mean(o - day + 1 - hour, o - day) - level;
  features[i++] = last(week);
}

/// What belongs to the target `horizon` steps ahead: the rest.
void FillTargetFeatures(const PreparedHistory& history, std::size_t o, std::size_t horizon, float level,
                        Features& features) {
  const auto& shape = history.shape();
  const std::size_t day = shape.day;
  const std::size_t target = o + horizon;
  const std::size_t before = target - day;
  const std::size_t hour = shape.Part(24);
  const std::size_t known = o + day;  // the profiles' last step
  const auto around = [&](std::size_t reach) {
    return history.Mean(before >= reach ? before - reach : 0, std::min(before + reach, o)) - level;
  };
  std::size_t i = kOriginFeatures;
  features[i++] = history.z()[before] - level;
  features[i++] = around(shape.Part(96));
  features[i++] = around(hour);
  features[i++] = history.TwoDaysBefore(target) - level;
  features[i++] = history.Profile(target) - level;
  features[i++] = history.Median(target) - level;
  features[i++] = history.Week(target) - level;
  features[i++] = history.ProfileMean(target - hour, std::min(target + hour, known)) - level;
  features[i++] = history.WeekMean(target - hour, std::min(target + hour, known)) - level;
}

float Dot(const Features& a, const Features& b) {
  std::array<float, 8> lanes{};
  for (std::size_t i = 0; i < a.size(); i += lanes.size()) {
    for (std::size_t l = 0; l < lanes.size(); ++l) lanes[l] += a[i + l] * b[i + l];
  }
  float sum = 0.0F;
  for (const float lane : lanes) sum += lane;
  return sum;
}

/// Weights that make a least squares fit with them minimise absolute residuals.
void Reweight(std::span<const float> residuals, std::span<float> weights) {
  std::vector<float> sizes(residuals.size());
  std::ranges::transform(residuals, sizes.begin(), [](float r) { return std::abs(r); });
  const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
  std::ranges::nth_element(sizes, middle);
  const float median = *middle;
  if (!(median > 0.0F)) return;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const float size = std::clamp(std::abs(residuals[i]) / median, kLeastResidual, kMostResidual);
    weights[i] /= size;
  }
}

}  // namespace

DirectRidge::DirectRidge(const PreparedHistory& history, const RidgeParameters& parameters,
                         std::span<const std::size_t> backtest_origins)
    : anchors_(history.shape().Anchors()) {
  const std::size_t day = history.shape().day;
  const std::size_t newest = history.size() - 1;
  const auto day_of = [&](std::size_t origin) { return (newest - origin) / day; };

  // Which days need coefficients of their own, oldest origin last.
  std::vector<std::size_t> left_out;
  for (const std::size_t origin : backtest_origins) {
    const auto found = std::ranges::find(left_out, day_of(origin));
    fold_of_origin_.push_back(static_cast<std::size_t>(found - left_out.begin()) + 1);
    if (found == left_out.end()) left_out.push_back(day_of(origin));
  }
  coefficients_.assign(1 + left_out.size(), Coefficients(anchors_.size(), Features{}));

  const std::size_t first = day + history.shape().Part(8);
  if (newest < first + 2) return;
  const std::size_t candidates = newest - first;
  const std::size_t rows = std::min(parameters.most_origins, candidates);
  std::vector<std::size_t> origins(rows);
  std::vector<float> levels(rows);
  std::vector<float> ages(rows);
  std::vector<Features> x(rows);
  for (std::size_t i = 0; i < rows; ++i) {
    origins[i] = first + i * candidates / rows;
    levels[i] = Level(history, origins[i]);
    FillOriginFeatures(history, origins[i], levels[i], x[i]);
    ages[i] =
        std::exp2(-static_cast<float>(newest - origins[i]) / (parameters.half_life_days * static_cast<float>(day)));
  }
  const std::size_t days = day_of(first) + 1;
  const std::size_t surroundings = days < parameters.few_days ? 0 : 1;

  std::vector<float> y(rows);
  std::vector<float> weights(rows);
  std::vector<float> residuals(rows);
  std::vector<NormalEquations> from_newest(days + 1);  // [d]: days 0 to d - 1
  std::vector<NormalEquations> from_oldest(days + 1);  // [d]: days d and older
  for (std::size_t a = 0; a < anchors_.size(); ++a) {
    std::size_t used = 0;
    while (used < rows && origins[used] + anchors_[a] <= newest) ++used;
    if (used < kFewestRows) continue;
    for (std::size_t i = 0; i < used; ++i) {
      FillTargetFeatures(history, origins[i], anchors_[a], levels[i], x[i]);
      y[i] = history.z()[origins[i] + anchors_[a]] - levels[i];
    }
    const auto used_weights = std::span(weights).first(used);
    std::ranges::copy(std::span(ages).first(used), used_weights.begin());
    // The anchor before errs in much the same rows, and saves a fit; the first one starts from least squares.
    Features start = a > 0 ? coefficients_[0][a - 1] : Features{};
    if (a == 0) {
      NormalEquations all;
      all.Add(std::span(x).first(used), y, used_weights);
      start = all.Solve(parameters.shrinkage);
    }
    for (std::size_t i = 0; i < used; ++i) residuals[i] = y[i] - Dot(start, x[i]);
    Reweight(std::span(residuals).first(used), used_weights);

    // Sums over rows by day, then over the days up to and from each: a fold is the two ends around a hole.
    for (std::size_t d = 0, end = used; d < days; ++d) {
      // Rows are ascending in time, so those of day d lie just before those of day d - 1.
      std::size_t begin = end;
      while (begin > 0 && day_of(origins[begin - 1]) == d) --begin;
      from_newest[d + 1] = {};
      from_newest[d + 1].Add(std::span(x).subspan(begin, end - begin), std::span(y).subspan(begin),
                             std::span(weights).subspan(begin));
      from_oldest[d] = from_newest[d + 1];
      from_newest[d + 1].Add(from_newest[d]);
      end = begin;
    }
    for (std::size_t d = days; d-- > 0;) from_oldest[d].Add(from_oldest[d + 1]);
    coefficients_[0][a] = from_oldest[0].Solve(parameters.shrinkage);
    for (std::size_t fold = 0; fold < left_out.size(); ++fold) {
      const std::size_t hole = left_out[fold];
      NormalEquations rest = from_newest[hole - std::min(hole, surroundings)];
      rest.Add(from_oldest[std::min(hole + surroundings + 1, days)]);
      coefficients_[1 + fold][a] = rest.Solve(parameters.shrinkage);
    }
  }
}

DirectRidge::DirectRidge(const DayShape& shape) : anchors_(shape.Anchors()), coefficients_(1) {}

bool DirectRidge::Valid() const {
  return coefficients_.front().size() == anchors_.size();
}

void DirectRidge::Forecast(const PreparedHistory& history, std::size_t origin, std::optional<std::size_t> fold,
                           std::span<const std::size_t> horizons, std::span<float> out) const {
  const auto& coefficients = coefficients_[fold ? fold_of_origin_[*fold] : 0];
  const float level = Level(history, origin);
  Features features;
  FillOriginFeatures(history, origin, level, features);
  std::size_t after = 0;
  for (std::size_t i = 0; i < horizons.size(); ++i) {
    const std::size_t h = horizons[i];
    while (after + 1 < anchors_.size() && anchors_[after] < h) ++after;
    FillTargetFeatures(history, origin, h, level, features);
    float value = Dot(coefficients[after], features);
    if (after > 0 && anchors_[after] > h) {
      const float share =
          static_cast<float>(anchors_[after] - h) / static_cast<float>(anchors_[after] - anchors_[after - 1]);
      value += share * (Dot(coefficients[after - 1], features) - value);
    }
    out[i] = level + value;
  }
}

}  // namespace helios::ml
