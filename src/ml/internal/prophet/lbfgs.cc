// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/prophet/lbfgs.h"

#include <cmath>
#include <deque>
#include <numeric>
#include <vector>

namespace helios::ml {
namespace {

/// Share of the promised gain that a step must bring (Armijo's rule).
constexpr double kEnoughGain = 1e-4;
/// Halvings after which a direction is given up.
constexpr int kMostHalvings = 40;
/// Least cosine between a step and its gradient change for the pair to count as curvature.
constexpr double kLeastCurvature = 1e-10;

double Dot(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

struct Pair {
  std::vector<double> step;
  std::vector<double> change;
  double inverse = 0.0;  // 1 / step.change
};

/// The product of the remembered inverse curvature and `q`, in place.
void ApplyInverse(const std::deque<Pair>& pairs, const Preconditioner& precondition, std::span<double> q) {
  std::vector<double> shares(pairs.size());
  for (std::size_t i = pairs.size(); i-- > 0;) {
    shares[i] = pairs[i].inverse * Dot(pairs[i].step, q);
    for (std::size_t j = 0; j < q.size(); ++j) q[j] -= shares[i] * pairs[i].change[j];
  }
  precondition(q);
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const double share = shares[i] - pairs[i].inverse * Dot(pairs[i].change, q);
    for (std::size_t j = 0; j < q.size(); ++j) q[j] += share * pairs[i].step[j];
  }
}

}  // namespace

LbfgsOutcome MinimizeLbfgs(const Objective& objective, const Preconditioner& precondition, std::span<double> x,
                           const LbfgsOptions& options) {
  const std::size_t size = x.size();
  std::vector<double> gradient(size);
  std::vector<double> direction(size);
  std::vector<double> next(size);
  std::vector<double> next_gradient(size);
  std::deque<Pair> pairs;
  LbfgsOutcome outcome;
  outcome.value = objective(x, gradient);
  while (outcome.iterations < options.most_iterations) {
    direction.assign(gradient.begin(), gradient.end());
    ApplyInverse(pairs, precondition, direction);
    const double gain = Dot(gradient, direction);
    if (!(gain > options.tolerance)) {
      outcome.converged = std::isfinite(gain);
      break;
    }
    ++outcome.iterations;
    double length = 1.0;
    double value = 0.0;
    int halvings = 0;
    for (; halvings < kMostHalvings; ++halvings, length *= 0.5) {
      for (std::size_t j = 0; j < size; ++j) next[j] = x[j] - length * direction[j];
      value = objective(next, next_gradient);
      if (value <= outcome.value - kEnoughGain * length * gain) break;
    }
    if (halvings == kMostHalvings) {
      // Memory may mislead; the preconditioner alone is asked once more before the point is accepted.
      if (pairs.empty()) break;
      pairs.clear();
      continue;
    }
    Pair pair{.step = std::vector<double>(size), .change = std::vector<double>(size)};
    for (std::size_t j = 0; j < size; ++j) {
      pair.step[j] = next[j] - x[j];
      pair.change[j] = next_gradient[j] - gradient[j];
      x[j] = next[j];
    }
    gradient.swap(next_gradient);
    outcome.value = value;
    const double curvature = Dot(pair.step, pair.change);
    if (curvature > kLeastCurvature * std::sqrt(Dot(pair.step, pair.step) * Dot(pair.change, pair.change))) {
      pair.inverse = 1.0 / curvature;
      pairs.push_back(std::move(pair));
      if (pairs.size() > options.memory) pairs.pop_front();
    }
  }
  return outcome;
}

}  // namespace helios::ml
