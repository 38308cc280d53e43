// SPDX-License-Identifier: Apache-2.0
#include "ml/internal/forecasting/neighbour_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ml/internal/forecasting/weighted_quantile.h"
#include "ml/internal/forecasting/window_distance.h"

namespace helios::ml {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

/// Distance on a circle of `period` steps as a share of its half, 0 to 1.
float CircleDistance(std::size_t steps, std::size_t period) {
  const std::size_t phase = steps % period;
  return 2.0F * static_cast<float>(std::min(phase, period - phase)) / static_cast<float>(period);
}

}  // namespace

NeighbourRules::NeighbourRules(const NeighbourParameters& parameters, const DayShape& shape, std::size_t longest)
    : deseasonalised_(parameters.deseasonalised),
      count_(std::min(parameters.count, kMostNeighbours)),
      spacing_(std::max<std::size_t>(
          1, static_cast<std::size_t>(std::ceil(parameters.spacing * static_cast<float>(parameters.window))))),
      least_ago_(std::max<std::size_t>(1, shape.hour / 2)),
      shift_(parameters.shift) {
  float sum = 0.0F;
  for (std::size_t i = 0; i < parameters.window; ++i) {
    importance_.push_back(std::exp(-static_cast<float>(i) / static_cast<float>(parameters.window)));
    sum += importance_.back();
  }
  for (float& importance : importance_) importance /= sum;

  const std::size_t day = shape.day;
  penalties_.resize(longest);
  for (std::size_t ago = 0; ago < longest; ++ago) {
    penalties_[longest - 1 - ago] = parameters.clock * CircleDistance(ago, day) +
                                    parameters.week * CircleDistance(ago, 7 * day) +
                                    parameters.age * static_cast<float>(ago) / static_cast<float>(14 * day);
  }
  fading_.resize(day + 1);
  for (std::size_t h = 0; h <= day; ++h) {
    fading_[h] = std::exp(-static_cast<float>(h) / (parameters.shift_decay * static_cast<float>(day)));
  }
  for (std::size_t rank = 0; rank < count_; ++rank) {
    rank_weights_.push_back(1.0F / (1.0F + parameters.rank_decay * static_cast<float>(rank)));
  }
}

void NeighbourSearch::Find(std::span<const float> z, std::span<const double> sums, std::size_t first,
                           std::size_t origin) {
  found_.clear();
  z_ = z;
  origin_ = origin;
  const std::size_t window = rules_->window();
  first += window - 1;
  if (origin < first + rules_->least_ago()) return;
  const std::size_t count = origin - rules_->least_ago() - first + 1;

  const std::size_t padded = (count + kDistanceBlock - 1) / kDistanceBlock * kDistanceBlock;
  shifts_.resize(padded);
  distances_.resize(padded);
  const double newest = sums[origin + 1] - sums[origin + 1 - window];
  const double share = static_cast<double>(rules_->shift()) / static_cast<double>(window);
  const auto before = sums.subspan(first + 1 - window);
  const auto after = sums.subspan(first + 1);
  for (std::size_t c = 0; c < count; ++c) {
    shifts_[c] = static_cast<float>((newest - (after[c] - before[c])) * share);
  }
  std::fill(shifts_.begin() + static_cast<std::ptrdiff_t>(count), shifts_.end(), 0.0F);
  MeasureWindowDistances({.z = z,
                          .newest = z.subspan(origin + 1 - window, window),
                          .first = first,
                          .count = count,
                          .importance = rules_->importance(),
                          .shifts = shifts_,
                          .penalties = rules_->PenaltiesFrom(origin - first)},
                         distances_);
  PickNearest(first);
}

void NeighbourSearch::PickNearest(std::size_t first) {
  // Repeatedly the least of all, after which its surroundings are out.
  const std::size_t near = rules_->spacing() - 1;
  minima_.Assign(distances_);
  for (std::size_t rank = 0; rank < rules_->count() && minima_.Least() < kInfinity; ++rank) {
    const std::size_t nearest = minima_.LastOfLeast();
    found_.push_back({first + nearest, shifts_[nearest], rules_->RankWeight(rank)});
    minima_.Remove(nearest >= near ? nearest - near : 0, std::min(nearest + near, distances_.size() - 1));
  }
}

std::size_t NeighbourSearch::Gather(std::size_t horizon) {
  said_.Clear();
  const float fading = rules_->Fading(horizon);
  for (const auto& neighbour : found_) {
    if (neighbour.end + horizon > origin_) continue;
    said_.Add(z_[neighbour.end + horizon] + neighbour.shift * fading, neighbour.weight);
  }
  return said_.size();
}

NeighbourOpinion NeighbourSearch::Ask(std::size_t horizon) {
  if (Gather(horizon) == 0) return {0.0F, 0.0F, 0.0F, 0};
  const auto [median, low, high] = said_.Quantiles(std::array{0.5F, 0.05F, 0.95F});
  return {median, low, high, said_.size()};
}

NeighbourOpinion NeighbourSearch::AskMedian(std::size_t horizon) {
  if (Gather(horizon) == 0) return {0.0F, 0.0F, 0.0F, 0};
  const auto [median] = said_.Quantiles(std::array{0.5F});
  return {median, median, median, said_.size()};
}

}  // namespace helios::ml
