// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/detection/event_score.h"

#include <algorithm>
#include <cmath>

#include "ml/internal/detection/natural_log.h"
#include "ml/internal/detection/running_mean.h"

namespace helios::ml {
namespace {

constexpr std::uint32_t kClipLevelAfter = 30;     // samples
constexpr std::uint32_t kClipProfileAfter = 400;  // samples
constexpr float kDeviationClip = 6.0F;
constexpr float kScatterSamples = 1'500.0F;

}  // namespace

void EventScore::LearnLevel(float value, std::uint32_t n, const EventParameters& parameters) {
  if (n == 1) {
    level_ = value;
    return;
  }
  float step = value - level_;
  float size = std::abs(step);
  if (n > kClipLevelAfter) {
    const float most = parameters.level_clip * deviation_;
    step = std::clamp(step, -most, most);
    size = std::min(size, kDeviationClip * deviation_);
  }
  const float share = Share(n, parameters.level_samples);
  level_ += share * step;
  Approach(deviation_, size, share);
}

void EventScore::LearnProfile(float residual, std::uint32_t n, const DayTick& tick, const EventParameters& parameters) {
  if (n > kClipProfileAfter) {
    const float most = parameters.profile_clip * scatter_;
    residual = std::clamp(residual, -most, most);
  }
  const float share = 1.0F / std::min(tick.visited + 1.0F, std::max(1.0F, parameters.profile_days * tick.per_slot));
  profile_.set_current(profile_.current() + share * residual);
}

EventReading EventScore::Take(float value, std::uint32_t n, bool day_known, const DayTick& tick,
                              const EventParameters& parameters) {
  profile_.Advance(tick);
  LearnLevel(value, n, parameters);
  const float deviation = value - level_;
  const float residual = day_known ? deviation - profile_.current() : deviation;
  LearnProfile(deviation - profile_.current(), n, tick, parameters);
  Approach(scatter_, std::abs(residual), Share(n, kScatterSamples));

  Approach(residual12_, residual, Share(n, 12.0F));
  Approach(residual48_, residual, Share(n, 48.0F));
  Approach(mean24_, value, Share(n, 24.0F));
  Approach(unrest48_, std::abs(value - mean24_), Share(n, 48.0F));
  if (n == 1) recent_.fill(value);
  recent_[next_] = value;
  next_ = static_cast<std::uint8_t>((next_ + 1) % kRecent);
  float least = recent_[0];
  float most = recent_[0];
  for (const float one : recent_) {
    least = std::min(least, one);
    most = std::max(most, one);
  }

  const double tail = bank_.TailOf(0, residual, parameters.rarity);
  const bool ready = bank_.ready();
  const auto ratios =
      bank_.Take({residual, residual12_, residual48_, mean24_, unrest48_, most, least}, parameters.rarity);
  EventReading reading;
  reading.residual = residual;
  reading.scatter = scatter_;
  reading.unrest = std::abs(value - mean24_);
  if (!ready) return reading;
  // The mean of logarithms is one logarithm of a product, of at least (0.3 / 12,000 / 8)^7 = 3e-39.
  double product = 1.0;
  for (const double ratio : ratios) product *= ratio;
  reading.strength = -NaturalLog(product) / static_cast<double>(kRarityChannels);
  reading.rarity = {tail, std::min(ratios[5], ratios[6])};
  return reading;
}

}  // namespace helios::ml
