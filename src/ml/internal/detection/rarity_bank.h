// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace helios::ml {

inline constexpr std::size_t kRarityChannels = 7;
inline constexpr std::size_t kRarityBins = 64;

struct RarityParameters {
  float prior = 0.3F;               ///< occurrences granted to a value never seen; flat from 0.03 to 1
  float neighbours = 0.5F;          ///< weight of the two bins beside; flat from 0 to 1
  std::uint16_t forget_at = 6'000;  ///< samples after which half of the past is forgotten; 1000 to 8000
};

/// Likelihood of each channel's value: share of the past in its bin, in (0, 1]; 1 while too little is known.
using RarityRatios = std::array<double, kRarityChannels>;

/// How often each of seven views of a series has been about where it is now: a histogram of all its past
/// each, of 64 equal bins. The range comes from the first 30 values, widened by half at each side; a value
/// outside doubles it, at most twice a sample, so that one absurd value does not blind the view.
/// Counts are kept in quarters. 967 bytes.
class RarityBank {
 public:
  /// Reads the ratios of `values` (finite), then counts them in.
  RarityRatios Take(const std::array<float, kRarityChannels>& values, const RarityParameters& parameters);

  /// Share of the past of `channel` that lies at least as far out as `value`, on its side of the median, by
  /// bins: half of its own counts, and one sample's prior. In (0, 1]; 1 while too little is known.
  [[nodiscard]] double TailOf(std::size_t channel, float value, const RarityParameters& parameters) const;

  [[nodiscard]] bool ready() const { return warm_ == kWarm; }

  template <class F>
  constexpr void Fields(F& f) {
    f(low_, bins_per_unit_, total_, counts_, warm_);
  }
  [[nodiscard]] bool Valid() const;

 private:
  static constexpr std::uint8_t kWarm = 30;
  using Counts = std::array<std::uint16_t, kRarityBins>;

  void Warm(const std::array<float, kRarityChannels>& values);
  void Settle(std::size_t channel);
  void Widen(std::size_t channel, float value);
  void Forget(std::size_t channel);
  [[nodiscard]] std::size_t BinOf(std::size_t channel, float value) const;

  std::array<float, kRarityChannels> low_{};
  std::array<float, kRarityChannels> bins_per_unit_{};
  std::array<std::uint16_t, kRarityChannels> total_{};
  std::array<Counts, kRarityChannels> counts_{};  // until ready(), the first 30 values, as floats
  std::uint8_t warm_ = 0;
};

}  // namespace helios::ml
