// SPDX-License-Identifier: Apache-2.0
#include "ml/varied_parameters.h"

#include <algorithm>
#include <cmath>

namespace helios::ml {
namespace {

/// Factors from 1/2 to 2, their logarithms even, by SplitMix64.
class Factors {
 public:
  explicit Factors(std::uint64_t seed) : state_(seed) {}

  void Vary(float& value) { value *= Next(); }
  void VaryShare(float& share) { share = std::min(1.0F, share * Next()); }
  void Vary(std::size_t& count, std::size_t least, std::size_t most) {
    count = std::clamp(static_cast<std::size_t>(std::lround(static_cast<float>(count) * Next())), least, most);
  }

 private:
  float Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    const double uniform = static_cast<double>((z ^ (z >> 31U)) >> 11U) * 0x1p-53;
    return static_cast<float>(std::exp2(2.0 * uniform - 1.0));
  }

  std::uint64_t state_;
};

}  // namespace

EnsembleParameters VariedParameters(std::size_t steps_a_day, std::uint64_t seed) {
  auto p = EnsembleParameters::For(DayShape(steps_a_day));
  Factors factors(seed);
  for (auto& search : p.searches) {
    factors.Vary(search.window, 2, steps_a_day);
    factors.Vary(search.count, 4, kMostNeighbours);
    for (float* value : {&search.clock, &search.week, &search.age, &search.spacing, &search.shift_decay}) {
      factors.Vary(*value);
    }
    factors.VaryShare(search.shift);
    factors.Vary(search.rank_decay);
  }
  factors.Vary(p.ridge.most_origins, 60, 1'000);
  factors.Vary(p.ridge.half_life_days);
  factors.Vary(p.ridge.shrinkage);
  factors.Vary(p.tuning_rounds, 0, 16);
  for (float* value : {&p.weight_half_life, &p.weight_power, &p.least_error, &p.tuning_half_life, &p.width_half_life,
                       &p.spread_share, &p.opinion_share, &p.turbulence_power, &p.prior_share, &p.shift_doubt}) {
    factors.Vary(*value);
  }
  for (float* share : {&p.even_share, &p.tuning_step, &p.tuning_share, &p.near_band_share}) factors.VaryShare(*share);
  return p;
}

}  // namespace helios::ml
