// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/prophet/trend_uncertainty.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "ml/internal/student_t.h"

namespace helios::ml {
namespace {

/// Where exp(-v^2 / 2) is below 1e-14: the integral may end.
constexpr double kLastFrequency = 8.0;
constexpr std::size_t kMostTerms = 4'096;
/// Probability of a change so large that it may be taken for its mirror image.
constexpr double kLeastTail = 1e-7;
constexpr int kBisections = 50;
/// Changes that one draw may hold.
constexpr std::size_t kMostChanges = 2'000;

/// The distribution in units of its normal noise, as terms of a sine series.
class SineSeries {
 public:
  SineSeries(double jumps, double reach) {
    const double deviation = std::sqrt(1.0 + 2.0 / 3.0 * jumps * reach * reach);
    // The period must hold the distribution twice: tails of the noise, of many small changes, and of one large one.
    const double wanted = std::max(8.0, 7.0 * deviation) + reach * std::max(0.0, std::log(jumps / kLeastTail));
    half_period_ = std::min(wanted, std::numbers::pi * static_cast<double>(kMostTerms) / kLastFrequency);
    frequency_ = std::numbers::pi / half_period_;
    const auto terms = static_cast<std::size_t>(std::ceil(kLastFrequency / frequency_));
    amplitudes_.reserve(terms);
    for (std::size_t i = 1; i <= terms; ++i) {
      const double v = frequency_ * static_cast<double>(i);
      const double a = reach * v;
      const double changes = a > 1e-6 ? std::atan(a) / a - 1.0 : 0.0;
      amplitudes_.push_back(std::exp(jumps * changes - 0.5 * v * v) / static_cast<double>(i));
    }
  }

  [[nodiscard]] double half_period() const { return half_period_; }

  /// Share of the distribution below x >= 0.
  [[nodiscard]] double Below(double x) const {
    // sin((i + 1) a) = 2 cos(a) sin(i a) - sin((i - 1) a)
    const double angle = frequency_ * x;
    const double twice = 2.0 * std::cos(angle);
    double before = 0.0;
    double sine = std::sin(angle);
    double sum = 0.0;
    for (const double amplitude : amplitudes_) {
      sum += amplitude * sine;
      const double next = twice * sine - before;
      before = sine;
      sine = next;
    }
    return 0.5 + (0.5 * angle + sum) / std::numbers::pi;
  }

 private:
  double half_period_ = 0.0;
  double frequency_ = 0.0;
  std::vector<double> amplitudes_;
};

/// SplitMix64.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : state_(seed) {}

  /// In (0, 1).
  double Uniform() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return (static_cast<double>((z ^ (z >> 31U)) >> 12U) + 0.5) * 0x1p-52;
  }

 private:
  std::uint64_t state_;
};

constexpr std::uint64_t kSeed = 0x48'656c'696f'7331ULL;

}  // namespace

double TrendNoiseQuantile(const TrendNoise& noise, double probability) {
  const double jumps = noise.rate * std::max(0.0, noise.distance);
  const double reach = std::abs(noise.weight) * noise.size * std::max(0.0, noise.distance) / noise.sigma;
  if (jumps * reach * reach < 1e-12) return noise.sigma * NormalQuantile(probability);
  if (probability == 0.5) return 0.0;
  const SineSeries series(jumps, reach);
  const double share = std::max(probability, 1.0 - probability);
  double low = 0.0;
  double high = series.half_period();
  for (int i = 0; i < kBisections && high - low > 1e-9 * high; ++i) {
    const double middle = 0.5 * (low + high);
    (series.Below(middle) < share ? low : high) = middle;
  }
  return std::copysign(0.5 * (low + high), probability - 0.5) * noise.sigma;
}

SlopeChanges::SlopeChanges(double rate, double size, double last) {
  begins_.reserve(kDraws + 1);
  for (std::size_t draw = 0; draw < kDraws; ++draw) {
    begins_.push_back(changes_.size());
    Generator generator(kSeed + draw);
    double time = 1.0;
    for (std::size_t i = 0; rate > 0.0 && i < kMostChanges; ++i) {
      time -= std::log(generator.Uniform()) / rate;
      if (!(time < last)) break;
      const double u = generator.Uniform() - 0.5;
      changes_.push_back({time, -std::copysign(size, u) * std::log1p(-2.0 * std::abs(u))});
    }
  }
  begins_.push_back(changes_.size());

  normals_.reserve(kDraws);
  for (std::size_t draw = 0; draw < kDraws; ++draw) {
    normals_.push_back(NormalQuantile((static_cast<double>(draw) + 0.5) / static_cast<double>(kDraws)));
  }
  Generator generator(kSeed - 1);
  for (std::size_t i = kDraws; i-- > 1;) {
    std::swap(normals_[i], normals_[static_cast<std::size_t>(generator.Uniform() * static_cast<double>(i + 1))]);
  }
}

double SlopeChanges::At(std::size_t draw, double t) const {
  double sum = 0.0;
  for (std::size_t i = begins_[draw]; i < begins_[draw + 1] && changes_[i].time < t; ++i) {
    sum += changes_[i].delta * (t - changes_[i].time);
  }
  return sum;
}

}  // namespace helios::ml
