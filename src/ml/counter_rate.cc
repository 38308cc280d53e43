// SPDX-License-Identifier: Apache-2.0
#include "ml/counter_rate.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace helios::ml {
namespace {

constexpr double kMillisecondsASecond = 1000.0;
constexpr std::size_t kStepsAReset = 10;
constexpr double kResetShare = 0.5;

/// The samples that count, rising strictly in time.
std::vector<Sample> InOrder(std::span<const Sample> samples) {
  std::vector<std::size_t> order;
  order.reserve(samples.size());
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::isfinite(samples[i].value)) order.push_back(i);
  }
  std::ranges::sort(order, {}, [&](std::size_t i) { return std::pair(samples[i].time, i); });
  std::vector<Sample> kept;
  kept.reserve(order.size());
  for (const std::size_t i : order) {
    if (kept.empty() || kept.back().time != samples[i].time) kept.push_back(samples[i]);
  }
  return kept;
}

}  // namespace

std::optional<Sample> CounterFollower::Take(const Sample& sample) {
  if (!std::isfinite(sample.value) || sample.value < 0) return std::nullopt;
  if (std::isnan(before_.value)) {
    before_ = sample;
    return std::nullopt;
  }
  if (sample.time <= before_.time) return std::nullopt;
  const Sample before = std::exchange(before_, sample);
  if (sample.value < before.value) return std::nullopt;
  const auto distance = static_cast<double>(ToUnixMs(sample.time) - ToUnixMs(before.time));
  return Sample{.time = sample.time, .value = (sample.value - before.value) / (distance / kMillisecondsASecond)};
}

bool NamesCounter(std::string_view metric) {
  return metric.ends_with("_total") || metric.ends_with("_bucket");
}

std::vector<Sample> ToRates(std::span<const Sample> counter) {
  std::vector<Sample> samples = InOrder(counter);
  std::erase_if(samples, [](const Sample& sample) { return sample.value < 0; });
  if (samples.empty()) return {};
  for (std::size_t i = samples.size() - 1; i > 0; --i) {
    const double before = samples[i - 1].value;
    const double increase = samples[i].value < before ? samples[i].value : samples[i].value - before;
    const auto distance = static_cast<double>(ToUnixMs(samples[i].time) - ToUnixMs(samples[i - 1].time));
    samples[i].value = increase / (distance / kMillisecondsASecond);
  }
  samples.erase(samples.begin());
  return samples;
}

bool LooksLikeCounter(std::span<const Sample> samples) {
  const std::vector<Sample> ordered = InOrder(samples);
  std::size_t resets = 0;
  bool grows = false;
  for (std::size_t i = 0; i < ordered.size(); ++i) {
    if (ordered[i].value < 0) return false;
    if (i == 0) continue;
    const double before = ordered[i - 1].value;
    grows |= ordered[i].value > before;
    if (ordered[i].value >= before) continue;
    if (ordered[i].value > before * kResetShare) return false;
    ++resets;
  }
  return grows && resets * kStepsAReset < ordered.size();
}

}  // namespace helios::ml
