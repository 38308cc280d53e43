// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "ml/internal/forecasting/member_panel.h"

namespace helios::ml {

/// Moves weights between members so that their weighted median errs less on held-back values. Each one's own error
/// cannot say that two members say the same thing, or that two poor ones lie on either side of the truth.
class WeightTuning {
 public:
  using Opinions = std::array<float, kMembers>;

  /// Members in `silent` have no weight and get none.
  explicit WeightTuning(const MemberSet& silent) : silent_(silent), speaking_(kMembers - silent.count()) {}

  /// One held-back value, what the members said, and what it counts.
  void Add(const Opinions& opinions, float actual, float weight);

  /// From `weights` (sum 1) on, in each of at most `rounds` rounds the best one of: moving a share `step` of all
  /// weight to one member, or taking half of its weight from one; ends early where none helps. Sum 1.
  /// O(rounds * rows * members^2).
  [[nodiscard]] Opinions Tune(const Opinions& weights, std::size_t rounds, float step) const;

 private:
  /// Opinions of those who speak, in ascending order, and whose they are.
  struct Row {
    Opinions values;
    std::array<std::uint8_t, kMembers> members;
    float actual;
    float weight;
  };

  [[nodiscard]] float Loss(const Opinions& weights) const;

  MemberSet silent_;
  std::size_t speaking_;
  std::vector<Row> rows_;
};

}  // namespace helios::ml
