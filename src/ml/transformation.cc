// SPDX-License-Identifier: Apache-2.0
#include "ml/transformation.h"

#include <algorithm>
#include <limits>

namespace helios::ml {
namespace {

constexpr double kOffsetShare = 0.05;
/// Logarithms beyond this are taken for it: its exponential is still far from the largest number.
constexpr double kLargestLogarithm = 300.0;
constexpr std::size_t kLeastCycles = 4;
/// Share of the squared mean below which a cycle does not vary.
constexpr double kLeastVariance = 1e-12;
/// Closer than this, two powers are one.
constexpr double kCloseLambdas = 0.12;

}  // namespace

double Transformation::Forward(double y) const {
  if (none() || std::isnan(y)) return y;
  const double shifted = std::max(0.0, y) + offset_;
  return lambda_ == 0.0 ? std::log(shifted) : (std::pow(shifted, lambda_) - 1.0) / lambda_;
}

double Transformation::Back(double transformed) const {
  if (none()) return transformed;
  if (lambda_ == 0.0) return std::max(0.0, std::exp(std::min(transformed, kLargestLogarithm)) - offset_);
  return std::max(0.0, std::pow(std::max(0.0, lambda_ * transformed + 1.0), 1.0 / lambda_) - offset_);
}

std::vector<double> Transformation::Forward(std::span<const double> values) const {
  std::vector<double> transformed;
  transformed.reserve(values.size());
  for (const double value : values) transformed.push_back(Forward(value));
  return transformed;
}

std::optional<double> GuerreroLambda(std::span<const double> values, double offset, std::size_t season) {
  struct Cycle {
    double mean;
    double deviation;
  };
  std::vector<Cycle> cycles;
  // Whole cycles that end with the newest value.
  for (std::size_t end = values.size(); end >= season; end -= season) {
    double sum = 0.0;
    double squares = 0.0;
    double count = 0.0;
    for (const double value : values.subspan(end - season, season)) {
      if (std::isnan(value)) continue;
      sum += value + offset;
      squares += (value + offset) * (value + offset);
      count += 1.0;
    }
    if (2.0 * count < static_cast<double>(season) || count < 2.0) continue;
    const double mean = sum / count;
    const double variance = squares / count - mean * mean;
    if (variance > kLeastVariance * mean * mean) cycles.push_back({mean, std::sqrt(variance)});
  }
  if (cycles.size() < kLeastCycles) return std::nullopt;
  std::optional<double> best;
  double least = std::numeric_limits<double>::infinity();
  for (int twentieths = 0; twentieths <= 20; ++twentieths) {
    const double lambda = twentieths / 20.0;
    double sum = 0.0;
    double squares = 0.0;
    for (const auto& [mean, deviation] : cycles) {
      const double ratio = deviation / std::pow(mean, 1.0 - lambda);
      sum += ratio;
      squares += ratio * ratio;
    }
    const auto count = static_cast<double>(cycles.size());
    const double variation = squares / count / ((sum / count) * (sum / count));  // 1 + the square of it
    if (!(variation < least)) continue;
    least = variation;
    best = lambda;
  }
  return best;
}

std::vector<Transformation> Transformation::Candidates(std::span<const double> values, std::size_t season) {
  std::vector<Transformation> candidates(1);
  double sum = 0.0;
  double count = 0.0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    if (value < 0.0) return candidates;
    sum += value;
    count += 1.0;
  }
  const double offset = count > 0.0 ? kOffsetShare * (sum / count) : 0.0;
  if (!(offset > 0.0) || !std::isfinite(offset)) return candidates;
  candidates.emplace_back(0.5, offset);
  candidates.emplace_back(0.0, offset);
  if (season < 2) return candidates;
  const auto lambda = GuerreroLambda(values, offset, season);
  const auto close = [&](const Transformation& one) { return std::abs(one.lambda() - *lambda) < kCloseLambdas; };
  if (lambda && std::ranges::none_of(candidates, close)) candidates.emplace_back(*lambda, offset);
  return candidates;
}

}  // namespace helios::ml
