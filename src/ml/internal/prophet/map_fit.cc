// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/prophet/map_fit.h"

#include <algorithm>
#include <cmath>

#include "ml/internal/prophet/lbfgs.h"
#include "ml/internal/prophet/symmetric_matrix.h"

namespace helios::ml {
namespace {

/// Standard deviations of the priors of slope and offset, and of the noise.
constexpr double kTrendPrior = 5.0;
constexpr double kNoisePrior = 0.5;
/// Rounding of |delta| near 0. The mode itself is at 0, where one of several neighbouring changepoints takes all of a
/// change. The original's optimiser stops short of such kinks, with the change shared among neighbours; this
/// rounding gives what it arrives at: from 1e-5 to 0.2 the reference set agrees within 1 %, here best.
constexpr double kRounding = 0.06;
/// Added to each squared residual: noise below a millionth of the scale is not told apart.
constexpr double kLeastVariance = 1e-12;
constexpr int kMostNoiseRounds = 12;
constexpr double kNoiseTolerance = 1e-5;
constexpr int kMostLinearisations = 40;
constexpr int kMostHalvings = 20;
/// What log odds are taken of lies this far inside the capacity; and the least slope that is started from.
constexpr double kLeastShare = 0.01;
constexpr double kLeastSlope = 0.05;
/// Gain in log posterior below which another linearisation is not worth it.
constexpr double kLeastGain = 1e-4;

/// Where parameters lie in the vector that is optimised: k, m, delta, beta.
constexpr std::size_t kFirstDelta = 2;

class MapFit {
 public:
  explicit MapFit(const ProphetProblem& problem)
      : problem_(problem),
        rows_(problem.t.size()),
        deltas_(problem.changepoints.size()),
        first_beta_(kFirstDelta + deltas_),
        size_(first_beta_ + problem.prior_scales.size()),
        precision_(size_, 0.0),
        jacobian_(rows_ * size_, 0.0),
        residuals_(rows_) {
    precision_[0] = precision_[1] = 1.0 / (kTrendPrior * kTrendPrior);
    for (std::size_t j = first_beta_; j < size_; ++j) {
      const double scale = problem.prior_scales[j - first_beta_];
      precision_[j] = 1.0 / (scale * scale);
    }
    linear_ = problem.growth != ProphetGrowth::kLogistic &&
              std::ranges::none_of(problem.multiplicative, [](char is) { return is != 0; });
  }

  [[nodiscard]] double NegativeLogPosterior(const ProphetParameters& parameters) {
    const std::vector<double> x = Pack(parameters);
    Linearise(x);
    return NegativeLogPosteriorHere(x);
  }

  ProphetParameters Fit(const ProphetParameters& start) {
    std::vector<double> x = Pack(start);
    Linearise(x);
    double best = NegativeLogPosteriorHere(x);
    for (int i = 0; i < kMostLinearisations; ++i) {
      const std::vector<double> wanted = SolveLinearised(x);
      if (linear_) {
        x = wanted;
        Linearise(x);
        break;
      }
      const auto [next, value] = Step(x, wanted, best);
      if (!(value < best)) {
        Linearise(x);
        break;
      }
      const double gain = best - value;
      x = next;
      best = value;
      if (gain < kLeastGain) break;
    }
    return Unpack(x);
  }

 private:
  [[nodiscard]] std::vector<double> Pack(const ProphetParameters& parameters) const {
    std::vector<double> x = {parameters.k, parameters.m};
    x.insert(x.end(), parameters.delta.begin(), parameters.delta.end());
    x.insert(x.end(), parameters.beta.begin(), parameters.beta.end());
    return x;
  }

  /// Parameters at which the last Linearise() was.
  [[nodiscard]] ProphetParameters Unpack(std::span<const double> x) const {
    ProphetParameters parameters = TrendOf(x);
    parameters.beta.assign(x.begin() + static_cast<std::ptrdiff_t>(first_beta_), x.end());
    parameters.sigma = std::sqrt(NoiseVariance(squares_));
    return parameters;
  }

  [[nodiscard]] ProphetParameters TrendOf(std::span<const double> x) const {
    ProphetParameters parameters{.k = x[0], .m = x[1], .delta = {}, .beta = {}, .sigma = 1.0};
    const auto deltas = x.subspan(kFirstDelta, deltas_);
    parameters.delta.assign(deltas.begin(), deltas.end());
    return parameters;
  }

  [[nodiscard]] double* Column(std::size_t j) { return jacobian_.data() + j * rows_; }
  [[nodiscard]] const double* Feature(std::size_t j) const {
    return problem_.features.data() + (j - first_beta_) * rows_;
  }
  [[nodiscard]] bool IsMultiplicative(std::size_t j) const { return problem_.multiplicative[j - first_beta_] != 0; }

  /// Residuals, the sum of their squares and the forecast's derivatives at `x`.
  void Linearise(std::span<const double> x) {
    const ProphetParameters parameters = TrendOf(x);
    std::vector<double> factor(rows_, 1.0);  // of the trend: 1 + M
    std::vector<double> added(rows_, 0.0);
    for (std::size_t j = first_beta_; j < size_; ++j) {
      auto& to = IsMultiplicative(j) ? factor : added;
      const double* feature = Feature(j);
      for (std::size_t i = 0; i < rows_; ++i) to[i] += x[j] * feature[i];
    }
    std::vector<double> trend(rows_);
    std::vector<double> slope(rows_, 1.0);  // of the trend by its base
    for (std::size_t i = 0; i < rows_; ++i) {
      trend[i] = ProphetTrendBase(problem_.growth, parameters, problem_.changepoints, problem_.t[i]);
      if (problem_.growth != ProphetGrowth::kLogistic) continue;
      const double share = Logistic(trend[i]);
      slope[i] = problem_.capacity[i] * share * (1.0 - share);
      trend[i] = problem_.capacity[i] * share;
    }
    squares_ = 0.0;
    for (std::size_t i = 0; i < rows_; ++i) {
      residuals_[i] = problem_.y[i] - (trend[i] * factor[i] + added[i]);
      squares_ += residuals_[i] * residuals_[i];
      slope[i] *= factor[i];
    }
    FillTrendColumns(parameters, slope);
    for (std::size_t j = first_beta_; j < size_; ++j) {
      const double* feature = Feature(j);
      double* column = Column(j);
      if (IsMultiplicative(j)) {
        for (std::size_t i = 0; i < rows_; ++i) column[i] = trend[i] * feature[i];
      } else {
        std::copy_n(feature, rows_, column);
      }
    }
  }

  void FillTrendColumns(const ProphetParameters& parameters, std::span<const double> slope) {
    const auto& t = problem_.t;
    if (problem_.growth == ProphetGrowth::kFlat) {
      std::ranges::copy(slope, Column(1));
      return;
    }
    const bool logistic = problem_.growth == ProphetGrowth::kLogistic;
    for (std::size_t i = 0; i < rows_; ++i) {
      Column(0)[i] = slope[i] * (logistic ? t[i] - parameters.m : t[i]);
      Column(1)[i] = slope[i] * (logistic ? -parameters.k : 1.0);
    }
    for (std::size_t s = 0; s < deltas_; ++s) {
      double* column = Column(kFirstDelta + s);
      const double at = problem_.changepoints[s];
      for (std::size_t i = 0; i < rows_; ++i) column[i] = slope[i] * std::max(0.0, t[i] - at);
    }
  }

  /// Where the posterior is best for a sum of squared residuals.
  [[nodiscard]] double NoiseVariance(double squares) const {
    const auto n = static_cast<double>(rows_);
    const double sum = std::max(0.0, squares) + n * kLeastVariance;
    // The positive root of v^2 / kNoisePrior^2 + n v - sum.
    const double c = 4.0 / (kNoisePrior * kNoisePrior);
    return 2.0 * sum / (n + std::sqrt(n * n + c * sum));
  }

  [[nodiscard]] double Prior(std::span<const double> x, std::span<double> gradient) const {
    double value = 0.0;
    for (std::size_t j = 0; j < size_; ++j) {
      value += 0.5 * precision_[j] * x[j] * x[j];
      gradient[j] += precision_[j] * x[j];
    }
    for (std::size_t j = kFirstDelta; j < first_beta_; ++j) {
      const double rounded = std::hypot(x[j], kRounding);
      value += (rounded - kRounding) / problem_.changepoint_prior_scale;
      gradient[j] += x[j] / (rounded * problem_.changepoint_prior_scale);
    }
    return value;
  }

  /// At the point of the last Linearise(), with the noise that suits it best.
  [[nodiscard]] double NegativeLogPosteriorHere(std::span<const double> x) const {
    std::vector<double> unused(size_);
    const auto n = static_cast<double>(rows_);
    const double variance = NoiseVariance(squares_);
    return 0.5 * n * std::log(variance) + 0.5 * (squares_ + n * kLeastVariance) / variance +
           0.5 * variance / (kNoisePrior * kNoisePrior) + Prior(x, unused);
  }

  struct StepOutcome {
    std::vector<double> x;
    double value;
  };

  /// The first point on the way from `wanted` back to `x` that is better than `best`; leaves it linearised.
  StepOutcome Step(std::span<const double> x, std::span<const double> wanted, double best) {
    StepOutcome step{.x = {wanted.begin(), wanted.end()}, .value = best};
    for (int halvings = 0; halvings < kMostHalvings; ++halvings) {
      Linearise(step.x);
      if (const double value = NegativeLogPosteriorHere(step.x); value < best) {
        step.value = value;
        return step;
      }
      for (std::size_t j = 0; j < size_; ++j) step.x[j] = 0.5 * (step.x[j] + x[j]);
    }
    return step;
  }

  /// The best point were the model linear in its parameters around `x`, where Linearise() was.
  std::vector<double> SolveLinearised(std::span<const double> x) const {
    const auto gram = SymmetricMatrix::Gram(jacobian_, rows_, size_);
    std::vector<double> moment(size_);
    for (std::size_t j = 0; j < size_; ++j) {
      moment[j] = InnerProduct({jacobian_.data() + j * rows_, rows_}, residuals_);
    }
    std::vector<double> u(x.begin(), x.end());
    std::vector<double> distance(size_);
    std::vector<double> product(size_);
    const auto squares_at = [&](std::span<const double> at) {
      for (std::size_t j = 0; j < size_; ++j) distance[j] = at[j] - x[j];
      gram.Multiply(distance, product);
      double squares = squares_;
      for (std::size_t j = 0; j < size_; ++j) squares += distance[j] * (product[j] - 2.0 * moment[j]);
      return squares;
    };
    double variance = NoiseVariance(squares_);
    for (int round = 0; round < kMostNoiseRounds; ++round) {
      const Objective objective = [&](std::span<const double> at, std::span<double> gradient) {
        const double squares = squares_at(at);
        for (std::size_t l = 0; l < size_; ++l) gradient[l] = (product[l] - moment[l]) / variance;
        return 0.5 * squares / variance + Prior(at, gradient);
      };
      const auto factor = Curvature(gram, u, variance);
      if (!factor) return u;
      MinimizeLbfgs(objective, [&](std::span<double> v) { factor->Solve(v); }, u, {});
      const double before = variance;
      variance = NoiseVariance(squares_at(u));
      if (std::abs(std::log(variance / before)) < kNoiseTolerance) break;
    }
    return u;
  }

  /// An upper bound of the second derivatives: the quadratic parts, and a parabola over the rounded |delta|.
  [[nodiscard]] std::optional<Cholesky> Curvature(const SymmetricMatrix& gram, std::span<const double> x,
                                                  double variance) const {
    SymmetricMatrix curvature = gram;
    for (std::size_t i = 0; i < size_; ++i) {
      for (std::size_t j = 0; j <= i; ++j) curvature.At(i, j) /= variance;
      curvature.At(i, i) += precision_[i];
    }
    for (std::size_t j = kFirstDelta; j < first_beta_; ++j) {
      curvature.At(j, j) += 1.0 / (std::hypot(x[j], kRounding) * problem_.changepoint_prior_scale);
    }
    return Cholesky::Of(curvature);
  }

  const ProphetProblem& problem_;
  std::size_t rows_;
  std::size_t deltas_;
  std::size_t first_beta_;
  std::size_t size_;
  bool linear_ = true;             // in its parameters
  std::vector<double> precision_;  // of the normal priors
  std::vector<double> jacobian_;   // one column after another
  std::vector<double> residuals_;
  double squares_ = 0.0;
};

}  // namespace

double Logistic(double x) {
  if (x >= 0.0) return 1.0 / (1.0 + std::exp(-x));
  const double e = std::exp(x);
  return e / (1.0 + e);
}

double ProphetTrendBase(ProphetGrowth growth, const ProphetParameters& parameters, std::span<const double> changepoints,
                        double t) {
  if (growth == ProphetGrowth::kFlat) return parameters.m;
  double base =
      growth == ProphetGrowth::kLogistic ? parameters.k * (t - parameters.m) : parameters.k * t + parameters.m;
  for (std::size_t s = 0; s < changepoints.size(); ++s) {
    base += parameters.delta[s] * std::max(0.0, t - changepoints[s]);
  }
  return base;
}

namespace {

/// Parameters of a logistic trend, from a straight one through the values' log odds; `start` where that is worse.
ProphetParameters BetterStart(const ProphetProblem& problem, const ProphetParameters& start) {
  ProphetProblem straight = problem;
  straight.growth = ProphetGrowth::kLinear;
  std::ranges::fill(straight.multiplicative, char{0});
  for (std::size_t i = 0; i < straight.y.size(); ++i) {
    const double share = std::clamp(problem.y[i] / problem.capacity[i], kLeastShare, 1.0 - kLeastShare);
    straight.y[i] = std::log(share / (1.0 - share));
  }
  ProphetParameters found = MapFit(straight).Fit(start);
  const double slope = std::copysign(std::max(std::abs(found.k), kLeastSlope), found.k);
  found.m = -found.m / slope;
  found.k = slope;
  std::ranges::fill(found.beta, 0.0);
  MapFit fit(problem);
  return fit.NegativeLogPosterior(found) < fit.NegativeLogPosterior(start) ? found : start;
}

}  // namespace

ProphetParameters FitProphetMap(const ProphetProblem& problem, const ProphetParameters& start) {
  if (problem.growth != ProphetGrowth::kLogistic) return MapFit(problem).Fit(start);
  return MapFit(problem).Fit(BetterStart(problem, start));
}

}  // namespace helios::ml
