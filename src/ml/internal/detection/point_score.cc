// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/detection/point_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ml/internal/detection/natural_log.h"
#include "ml/internal/detection/running_mean.h"

namespace helios::ml {
namespace {

constexpr float kDayMsF = static_cast<float>(kDayMs);
constexpr float kLeastDaySamples = 48.0F;
constexpr float kMostDaySamples = 1'440.0F;
constexpr float kInterpolateBelowMs = 15.0F * 60'000.0F;
constexpr float kSizeSamples = 10'000.0F;
constexpr double kGaussian = 1.4826;     // standard deviation over median absolute deviation
constexpr double kMedianOverMean = 0.7;  // of absolute deviations, roughly
constexpr double kLeastGate = 0.69;
constexpr double kLinear = 1e-3;  // below, asinh(z) = z within 1e-10

/// scale * asinh(value / scale), and back; the identity without a scale.
double Compress(double value, double scale) {
  const double z = value / scale;
  const double size = std::abs(z);
  if (!(size > kLinear)) return value;
  if (size > 1e150) return value;  // a scale that has not met such values yet
  return std::copysign(scale * NaturalLog(size + std::sqrt(size * size + 1.0)), value);
}

double Expand(double value, double scale) {
  const double z = value / scale;
  const double t = z * z;
  if (t < 1.0) {  // nearly always; sinh's series, within 1e-10
    return value * (1.0 + t * (1.0 / 6 + t * (1.0 / 120 + t * (1.0 / 5'040 + t * (1.0 / 362'880 + t / 39'916'800)))));
  }
  const double expanded = scale * std::sinh(std::clamp(z, -700.0, 700.0));
  constexpr double kMost = std::numeric_limits<double>::max();
  return std::clamp(expanded, -kMost, kMost);
}

/// -ln of the tail share that a residual must stay under, at this step.
double RareEnough(float step_ms, const PointParameters& parameters) {
  const double per_hour = 3'600'000.0 / static_cast<double>(step_ms);
  return std::clamp(parameters.tail_limit + parameters.tail_slope * NaturalLog(per_hour), kLeastGate,
                    parameters.tail_most);
}

/// Exponential mean and variance, as one would write them for equal weights at first.
void Learn(double& mean, double& variance, double value, float share) {
  const auto a = static_cast<double>(share);
  const double distance = value - mean;
  mean += a * distance;
  variance = (1.0 - a) * (variance + a * distance * distance);
}

}  // namespace

double PointScore::ProfileNow(const DayTick& tick, const DayClock& clock, float step_ms) const {
  if (tick.visited <= 0.0F) return mean_;
  const float here = profile_.current();
  float level = here;
  if (step_ms < kInterpolateBelowMs) {
    const int beside = (tick.slot + (tick.phase < 0.0F ? kSlotsPerDay - 1 : 1)) % kSlotsPerDay;
    if (clock.Seen(beside)) level += std::abs(tick.phase) * (profile_.At(beside) - here);
  }
  return base_ + static_cast<double>(level);
}

PointReading PointScore::Take(double value, std::uint32_t n, bool two_days, const PointRarity& rarity, double widen,
                              const DayTick& tick, const DayClock& clock, float step_ms,
                              const PointParameters& parameters) {
  profile_.Advance(tick);
  Approach(size_, std::abs(value), Share(n, kSizeSamples));
  const double scale = parameters.compression * size_;
  const double x = scale > 0.0 ? Compress(value, scale) : value;
  if (n == 1) {
    base_ = x;
    mean_ = x;
    week_mean_ = x;
  }
  const double expected = ProfileNow(tick, clock, step_ms);
  const double off = std::abs(x - expected);
  const double raw_sigma = std::max(kGaussian * std::max(scatter_, parameters.week_share * week_scatter_),
                                    parameters.spread_share * std::sqrt(week_variance_));
  const double sigma = std::max(raw_sigma, parameters.level_share * std::abs(expected));
  const double recent_sigma = std::sqrt(variance_);
  const double recent = parameters.recent_limit * widen * recent_sigma;
  const double usual = parameters.profile_limit * widen * sigma;
  const bool ready = two_days || static_cast<float>(n) > parameters.least_samples;

  PointReading reading;
  if (ready && recent > 0.0 && usual > 0.0) {
    reading.excess = std::min(std::abs(x - mean_) / recent, off / usual);
    // Below ln 2, what no gate asks less than, the logarithms are not needed.
    if (reading.excess > kLeastGate) {
      const double rare = RareEnough(step_ms, parameters) * widen;
      const double gate =
          std::min(-NaturalLog(rarity.tail) / rare, -NaturalLog(rarity.extreme) / (parameters.extreme_limit * widen));
      if (gate < 1.0) reading.excess = std::min(reading.excess, gate);
    }
  }
  const double centre = ready ? expected : mean_;
  const double low = ready ? std::min(mean_ - recent, expected - usual) : mean_ - 2.0 * recent;
  const double high = ready ? std::max(mean_ + recent, expected + usual) : mean_ + 2.0 * recent;
  reading.expected = scale > 0.0 ? Expand(centre, scale) : centre;
  reading.lower = scale > 0.0 ? Expand(low, scale) : low;
  reading.upper = scale > 0.0 ? Expand(high, scale) : high;

  const float day = std::clamp(kDayMsF / step_ms, kLeastDaySamples, kMostDaySamples);
  const double most =
      n > 2 && raw_sigma > 0.0 ? static_cast<double>(parameters.clip) * raw_sigma : std::numeric_limits<double>::max();
  const double miss = kMedianOverMean * std::min(off, most);
  Approach(scatter_, miss, Share(n, day));
  Approach(week_scatter_, miss, Share(n, 7.0F * day));
  Learn(week_mean_, week_variance_, x, Share(n, 7.0F * day));
  Learn(mean_, variance_, x, Share(n, parameters.recent_days * day));
  const auto level = static_cast<double>(profile_.current());
  if (tick.visited <= 0.0F) {
    profile_.set_current(static_cast<float>(x - base_));
  } else {
    const float share = 1.0F / std::min(tick.visited + 1.0F, std::max(1.0F, parameters.profile_days * tick.per_slot));
    profile_.set_current(
        static_cast<float>(level + static_cast<double>(share) * std::clamp(x - base_ - level, -most, most)));
  }
  return reading;
}

}  // namespace helios::ml
