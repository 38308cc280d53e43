// SPDX-License-Identifier: Apache-2.0
#include "ml/mstl.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ml/internal/models/fill_gaps.h"
#include "ml/internal/models/loess.h"

namespace helios::ml {

static_assert(Model<Mstl>);

namespace {

constexpr int kRoundsOverSeasons = 2;
constexpr int kInnerRounds = 2;
constexpr std::size_t kFirstWindow = 11;  // cycles
constexpr std::size_t kWindowGrowth = 4;
/// Local fits are this share of their window apart.
constexpr std::size_t kJumps = 10;

std::size_t NextOdd(double value) {
  return static_cast<std::size_t>(std::ceil(value)) | 1U;
}

std::size_t Jump(std::size_t window) {
  return (window + kJumps - 1) / kJumps;
}

/// Means of `width` neighbours: width - 1 fewer than values.
std::vector<double> MeansOf(std::span<const double> values, std::size_t width) {
  std::vector<double> means;
  means.reserve(values.size() + 1 - width);
  double sum = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum += values[i];
    if (i + 1 < width) continue;
    means.push_back(sum / static_cast<double>(width));
    sum -= values[i + 1 - width];
  }
  return means;
}

/// One season's STL: seasonal part and trend of `values`.
struct SeasonAndTrend {
  std::vector<double> seasonal;
  std::vector<double> trend;
};

/// Smooths each phase over the cycles, a cycle beyond either end: values.size() + 2 * season results.
std::vector<double> SmoothPhases(std::span<const double> values, std::size_t season, std::size_t window) {
  std::vector<double> smooth(values.size() + 2 * season);
  std::vector<double> phase;
  for (std::size_t p = 0; p < season; ++p) {
    phase.clear();
    for (std::size_t i = p; i < values.size(); i += season) phase.push_back(values[i]);
    const auto fitted = Loess(phase, {.window = window, .line = false, .jump = Jump(window), .beyond = 1});
    for (std::size_t c = 0; c < fitted.size(); ++c) smooth[p + c * season] = fitted[c];
  }
  return smooth;
}

SeasonAndTrend Stl(std::span<const double> values, std::size_t season, std::size_t window) {
  const std::size_t size = values.size();
  const auto period = static_cast<double>(season);
  const std::size_t trend_window = NextOdd(1.5 * period / (1.0 - 1.5 / static_cast<double>(window)));
  const std::size_t low_window = season | 1U;
  SeasonAndTrend parts{.seasonal = std::vector<double>(size), .trend = std::vector<double>(size, 0.0)};
  std::vector<double> rest(size);
  for (int round = 0; round < kInnerRounds; ++round) {
    for (std::size_t i = 0; i < size; ++i) rest[i] = values[i] - parts.trend[i];
    const auto cycles = SmoothPhases(rest, season, window);
    // What the phases share is trend, not season: a low pass takes it out again.
    const auto shared = Loess(MeansOf(MeansOf(MeansOf(cycles, season), season), 3),
                              {.window = low_window, .line = true, .jump = Jump(low_window), .beyond = 0});
    for (std::size_t i = 0; i < size; ++i) {
      parts.seasonal[i] = cycles[i + season] - shared[i];
      rest[i] = values[i] - parts.seasonal[i];
    }
    parts.trend = Loess(rest, {.window = trend_window, .line = true, .jump = Jump(trend_window), .beyond = 0});
  }
  return parts;
}

}  // namespace

Decomposition DecomposeByLoess(std::span<const double> values, std::span<const std::size_t> seasons) {
  const std::size_t size = values.size();
  Decomposition parts;
  parts.seasonal.assign(seasons.size(), std::vector<double>(size, 0.0));
  std::vector<double> rest(values.begin(), values.end());
  for (int round = 0; round < kRoundsOverSeasons; ++round) {
    for (std::size_t s = 0; s < seasons.size(); ++s) {
      auto& seasonal = parts.seasonal[s];
      for (std::size_t i = 0; i < size; ++i) rest[i] += seasonal[i];
      auto stl = Stl(rest, seasons[s], kFirstWindow + kWindowGrowth * s);
      seasonal = std::move(stl.seasonal);
      parts.trend = std::move(stl.trend);
      for (std::size_t i = 0; i < size; ++i) rest[i] -= seasonal[i];
    }
  }
  if (seasons.empty() && size > 0) {
    const std::size_t window = std::max<std::size_t>(7, size / 10) | 1U;
    parts.trend = Loess(rest, {.window = window, .line = true, .jump = Jump(window), .beyond = 0});
  }
  parts.remainder = std::move(rest);
  for (std::size_t i = 0; i < size; ++i) parts.remainder[i] -= parts.trend[i];
  return parts;
}

Mstl Mstl::Fit(std::span<const double> values, std::span<const std::size_t> seasons) {
  const auto parts = DecomposeByLoess(FillGaps(values), seasons);
  std::vector<double> adjusted(values.begin(), values.end());
  for (const auto& seasonal : parts.seasonal) {
    for (std::size_t i = 0; i < adjusted.size(); ++i) adjusted[i] -= seasonal[i];
  }
  const std::size_t season = seasons.empty() ? 24 : seasons.front();
  const std::array<std::size_t, 3> searched = {1, std::max<std::size_t>(2, season / 24),
                                               std::max<std::size_t>(3, season)};
  Mstl model(ExponentialSmoothing(FindSmoothingParameters(adjusted, 0, searched), 0));
  for (const double value : adjusted) model.base_.Update(value);
  model.next_step_ = values.size();
  for (std::size_t s = 0; s < seasons.size(); ++s) {
    auto& cycle = model.cycles_.emplace_back(seasons[s]);
    for (std::size_t i = values.size() - seasons[s]; i < values.size(); ++i)
      cycle[i % seasons[s]] = parts.seasonal[s][i];
  }
  return model;
}

double Mstl::Seasonal(std::size_t ahead) const {
  double sum = 0.0;
  for (const auto& cycle : cycles_) sum += cycle[(next_step_ + ahead) % cycle.size()];
  return sum;
}

void Mstl::Update(double value) {
  base_.Update(value - Seasonal(0));
  ++next_step_;
}

Mstl::Reach Mstl::ReachFor(std::size_t steps) const {
  return {.steps = steps, .base = base_.ReachFor(steps)};
}

double Mstl::Predict(const Reach& reach) const {
  return base_.Predict(reach.base) + Seasonal(reach.steps - 1);
}

}  // namespace helios::ml
