// SPDX-License-Identifier: Apache-2.0
#include "ml/transformation.h"

#include <algorithm>

namespace helios::ml {
namespace {

constexpr double kOffsetShare = 0.05;
/// Logarithms beyond this are taken for it: its exponential is still far from the largest number.
constexpr double kLargestLogarithm = 300.0;

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

std::vector<Transformation> Transformation::Candidates(std::span<const double> values) {
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
  return candidates;
}

}  // namespace helios::ml
