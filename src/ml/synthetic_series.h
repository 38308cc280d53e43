// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <vector>

#include "ml/grid.h"

namespace helios::ml {

/// A made-up series for tests and benchmarks; the same fields always give the same samples.
struct SyntheticSeries {
  std::size_t samples = 4'032;
  std::chrono::milliseconds step = std::chrono::minutes{5};
  double level = 100.0;
  double slope_per_day = 0.0;
  double daily_amplitude = 0.0;  ///< of a sine with its peak at 06:00
  double noise = 0.0;            ///< standard deviation, roughly normal, independent
  double walk = 0.0;             ///< standard deviation of a random walk's steps
  std::uint64_t seed = 1;

  [[nodiscard]] std::vector<Sample> Make() const {
    std::vector<Sample> series;
    series.reserve(samples);
    std::uint64_t state = seed;
    double wandered = 0.0;
    for (std::size_t i = 0; i < samples; ++i) {
      const auto time = FromUnixMs(1'700'006'400'000) + step * static_cast<long>(i);  // a midnight
      const double days = std::chrono::duration<double, std::ratio<86'400>>(step * static_cast<long>(i)).count();
      wandered += walk * Normal(state);
      series.push_back({time, level + slope_per_day * days + wandered + noise * Normal(state) +
                                  daily_amplitude * std::sin(2.0 * std::numbers::pi * days)});
    }
    return series;
  }

 private:
  /// Sum of twelve uniforms less six: mean 0, variance 1. The generator is SplitMix64.
  static double Normal(std::uint64_t& state) {
    double sum = -6.0;
    for (int i = 0; i < 12; ++i) {
      std::uint64_t z = (state += 0x9e3779b97f4a7c15ULL);
      z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
      z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
      sum += static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
    }
    return sum;
  }
};

}  // namespace helios::ml
