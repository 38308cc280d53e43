// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "ml/model.h"

namespace helios::ml {

/// One held-back value: what the model said `steps` before it, knowing nothing after `origin`.
struct BacktestPoint {
  std::size_t origin = 0;  ///< index of the newest value that the model knew
  double actual = 0.0;
  double forecast = 0.0;
};

/// Every held-back value at one horizon, oldest origin first.
struct HorizonBacktest {
  std::size_t steps = 0;
  std::vector<BacktestPoint> points;
};

/// More origins at one horizon make neither the choice nor the interval better, only dearer.
inline constexpr std::size_t kMaxBacktestOrigins = 384;

/// Rolls `model`, which has seen nothing yet, over `values` (NaN for gaps) and notes its forecasts at
/// each of `steps`, from evenly spaced origins at `first_origin` and later. An origin or a target that
/// is a gap is skipped.
template <Model M>
std::vector<HorizonBacktest> Backtest(M model, std::span<const double> values, std::size_t first_origin,
                                      std::span<const std::size_t> steps) {
  std::vector<HorizonBacktest> result;
  std::vector<typename M::Reach> reaches;
  result.reserve(steps.size());
  reaches.reserve(steps.size());
  // Odd, so that a series that alternates is seen at both phases.
  const std::size_t candidates = values.size() > first_origin ? values.size() - first_origin : 0;
  const std::size_t stride = candidates <= kMaxBacktestOrigins ? 1 : (candidates / kMaxBacktestOrigins + 1) | 1U;
  for (const auto h : steps) {
    result.push_back({h, {}});
    result.back().points.reserve(candidates > h ? (candidates - h) / stride + 1 : 0);
    reaches.push_back(model.ReachFor(h));
  }
  std::size_t next_origin = first_origin;
  for (std::size_t t = 0; t + 1 < values.size(); ++t) {
    model.Update(values[t]);
    if (t != next_origin) continue;
    next_origin += stride;
    if (std::isnan(values[t])) continue;
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const std::size_t target = t + steps[k];
      if (target >= values.size() || std::isnan(values[target])) continue;
      result[k].points.push_back({t, values[target], model.Predict(reaches[k])});
    }
  }
  return result;
}

}  // namespace helios::ml
