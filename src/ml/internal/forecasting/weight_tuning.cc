// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/weight_tuning.h"

#include <cmath>

namespace helios::ml {
namespace {

/// A round has to gain this share to be worth another.
constexpr float kLeastGain = 1e-4F;

/// Weights below this decide too little for halving them to be tried.
constexpr float kLeastToHalve = 0.05F;

}  // namespace

void WeightTuning::Add(const Opinions& opinions, float actual, float weight) {
  Row row{.values = {}, .members = {}, .actual = actual, .weight = weight};
  std::size_t next = 0;
  for (std::size_t m = 0; m < kMembers; ++m) {
    if (silent_.test(m)) continue;
    std::size_t at = next++;
    for (; at > 0 && opinions[m] < row.values[at - 1]; --at) {
      row.values[at] = row.values[at - 1];
      row.members[at] = row.members[at - 1];
    }
    row.values[at] = opinions[m];
    row.members[at] = static_cast<std::uint8_t>(m);
  }
  rows_.push_back(row);
}

float WeightTuning::Loss(const Opinions& weights) const {
  float loss = 0.0F;
  for (const auto& row : rows_) {
    // WeightedQuantile() at the half, for weights that sum to one.
    float below = 0.0F;
    float place = 0.0F;
    float median = row.values[speaking_ - 1];
    for (std::size_t i = 0; i < speaking_; ++i) {
      const float weight = weights[row.members[i]];
      const float middle = below + 0.5F * weight;
      if (middle >= 0.5F) {
        median = row.values[i];
        if (i > 0 && middle > place) {
          median = row.values[i - 1] + (0.5F - place) / (middle - place) * (median - row.values[i - 1]);
        }
        break;
      }
      below += weight;
      place = middle;
    }
    loss += row.weight * std::abs(median - row.actual);
  }
  return loss;
}

WeightTuning::Opinions WeightTuning::Tune(const Opinions& weights, std::size_t rounds, float step) const {
  Opinions best = weights;
  float least = Loss(best);
  for (std::size_t round = 0; round < rounds; ++round) {
    const Opinions from = best;
    const float before = least;
    const auto consider = [&](const Opinions& changed) {
      const float loss = Loss(changed);
      if (!(loss < least)) return;
      least = loss;
      best = changed;
    };
    for (std::size_t m = 0; m < kMembers; ++m) {
      if (silent_.test(m)) continue;
      Opinions more = from;
      for (float& weight : more) weight *= 1.0F - step;
      more[m] += step;
      consider(more);
      if (from[m] < kLeastToHalve) continue;
      Opinions less = from;
      less[m] *= 0.5F;
      for (float& weight : less) weight /= 1.0F - 0.5F * from[m];
      consider(less);
    }
    if (!(least < before * (1.0F - kLeastGain))) break;
  }
  return best;
}

}  // namespace helios::ml
