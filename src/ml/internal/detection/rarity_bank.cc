// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/detection/rarity_bank.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace helios::ml {
namespace {

constexpr std::uint16_t kOne = 4;  // one sample, in quarters
constexpr auto kBinsF = static_cast<float>(kRarityBins);
constexpr std::size_t kMostTotal = 60'000;  // leaves room for one more in 16 bits
constexpr float kLeastRelativeRange = 1e-3F;
constexpr float kLeastRange = 1e-6F;
constexpr float kNoRange = 1e-30F;

}  // namespace

bool RarityBank::Valid() const {
  if (warm_ > kWarm) return false;
  if (!ready()) return true;
  for (std::size_t channel = 0; channel < kRarityChannels; ++channel) {
    std::size_t sum = 0;
    for (const auto count : counts_[channel]) sum += count;
    if (sum != total_[channel] || sum > kMostTotal || !(bins_per_unit_[channel] > 0.0F)) return false;
  }
  return true;
}

std::size_t RarityBank::BinOf(std::size_t channel, float value) const {
  const float bin = (value - low_[channel]) * bins_per_unit_[channel];
  if (!(bin > 0.0F)) return 0;
  return bin < kBinsF ? static_cast<std::size_t>(bin) : kRarityBins - 1;
}

void RarityBank::Warm(const std::array<float, kRarityChannels>& values) {
  static_assert(kWarm * sizeof(float) <= sizeof(Counts));
  for (std::size_t channel = 0; channel < kRarityChannels; ++channel) {
    auto* to = reinterpret_cast<std::byte*>(counts_[channel].data()) + warm_ * sizeof(float);
    std::memcpy(to, &values[channel], sizeof(float));
  }
  ++warm_;
  if (!ready()) return;
  for (std::size_t channel = 0; channel < kRarityChannels; ++channel) Settle(channel);
}

void RarityBank::Settle(std::size_t channel) {
  std::array<float, kWarm> first{};
  std::memcpy(first.data(), counts_[channel].data(), sizeof(first));
  for (auto& value : first) {
    if (!std::isfinite(value)) value = 0.0F;  // only a damaged state holds such
  }
  const auto [least, most] = std::ranges::minmax(first);
  float range = most - least;
  if (!(range > kNoRange)) range = std::max(kLeastRange, std::abs(most) * kLeastRelativeRange);
  low_[channel] = least - 0.5F * range;
  bins_per_unit_[channel] = kBinsF / (2.0F * range);
  counts_[channel].fill(0);
  for (const float value : first) counts_[channel][BinOf(channel, value)] += kOne;
  total_[channel] = kOne * kWarm;
}

void RarityBank::Widen(std::size_t channel, float value) {
  auto& counts = counts_[channel];
  const float bins_per_unit = bins_per_unit_[channel];
  if (!(bins_per_unit > 1e-36F)) return;  // as wide as numbers go
  const float width = kBinsF / bins_per_unit;
  Counts merged{};
  const bool down = value < low_[channel];
  const std::size_t shift = down ? kRarityBins / 2 : 0;
  for (std::size_t bin = 0; bin < kRarityBins; ++bin) {
    merged[shift + bin / 2] = static_cast<std::uint16_t>(merged[shift + bin / 2] + counts[bin]);
  }
  counts = merged;
  if (down) low_[channel] -= width;
  bins_per_unit_[channel] = bins_per_unit * 0.5F;
}

void RarityBank::Forget(std::size_t channel) {
  std::uint16_t total = 0;
  for (auto& count : counts_[channel]) {
    count = static_cast<std::uint16_t>(count / 2);
    total = static_cast<std::uint16_t>(total + count);
  }
  total_[channel] = total;
}

double RarityBank::TailOf(std::size_t channel, float value, const RarityParameters& parameters) const {
  if (!ready()) return 1.0;
  const auto& counts = counts_[channel];
  const float at = (value - low_[channel]) * bins_per_unit_[channel];
  const auto all = static_cast<double>(total_[channel]);
  double out = 0.0;
  if (at >= 0.0F && at < kBinsF) {
    const std::size_t bin = BinOf(channel, value);
    unsigned below = 0;
    for (std::size_t i = 0; i < bin; ++i) below += counts[i];
    const double inner = static_cast<double>(below) + 0.5 * counts[bin];
    out = std::min(inner, all - inner);
  }
  return (out + static_cast<double>(kOne * parameters.prior)) / (all + kOne);
}

RarityRatios RarityBank::Take(const std::array<float, kRarityChannels>& values, const RarityParameters& parameters) {
  RarityRatios ratios;
  ratios.fill(1.0);
  if (!ready()) {
    Warm(values);
    return ratios;
  }
  for (std::size_t channel = 0; channel < kRarityChannels; ++channel) {
    const float value = values[channel];
    auto& counts = counts_[channel];
    for (int twice = 0; twice < 2; ++twice) {
      const float at = (value - low_[channel]) * bins_per_unit_[channel];
      if (at >= 0.0F && at < kBinsF) break;
      Widen(channel, value);
    }
    const std::size_t bin = BinOf(channel, value);
    const int below = bin > 0 ? counts[bin - 1] : 0;
    const int above = bin + 1 < kRarityBins ? counts[bin + 1] : 0;
    const float seen = static_cast<float>(counts[bin]) + parameters.neighbours * static_cast<float>(below + above);
    const auto all = static_cast<float>(2 * total_[channel] + kOne);
    double ratio = static_cast<double>((seen + kOne * parameters.prior) / all);
    if (seen < 0.5F * kOne) [[unlikely]] {
      // Never seen: the farther from anything seen, the rarer.
      const auto seen_at = [&counts](std::size_t at) { return at < kRarityBins && counts[at] > 0; };
      std::size_t gap = 1;
      while (gap < kRarityBins && !seen_at(bin - gap) && !seen_at(bin + gap)) ++gap;  // below 0 wraps, and is not seen
      ratio /= std::sqrt(static_cast<double>(gap));
    }
    ratios[channel] = std::min(ratio, 1.0);
    counts[bin] = static_cast<std::uint16_t>(counts[bin] + kOne);
    total_[channel] = static_cast<std::uint16_t>(total_[channel] + kOne);
    if (total_[channel] >= kOne * parameters.forget_at) Forget(channel);
  }
  return ratios;
}

}  // namespace helios::ml
