// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/internal/forecasting/block_minima.h"
#include "ml/internal/forecasting/day_shape.h"
#include "ml/internal/forecasting/weighted_quantile.h"

namespace helios::ml {

/// How past stretches are compared with the newest one, and how many of the nearest speak.
/// Distances are in units of the mean absolute difference between a day and the next.
struct NeighbourParameters {
  bool deseasonalised = false;  ///< compares departures from the median day instead of values
  std::size_t window = 16;      ///< steps that are compared; recent ones count more, e-fold in one window
  std::size_t count = 30;       ///< neighbours that are kept, at most kMostNeighbours
  float clock = 0.0F;           ///< distance that twelve hours of difference in the time of day count as
  float week = 0.0F;            ///< the same for half a week in the time of the week
  float age = 0.0F;             ///< the same for fourteen days
  float spacing = 0.2F;         ///< least distance between two neighbours, in windows
  float shift = 0.3F;           ///< share of the difference between the two windows' means that is made up for
  float shift_decay = 0.125F;   ///< days in which the made-up difference fades e-fold
  float rank_decay = 0.5F;      ///< weight of rank r is 1 / (1 + rank_decay * r)

  /// Whether a search can be made with them on a history of at least `least` values.
  [[nodiscard]] bool Valid(std::size_t least) const {
    const auto sane = [](float value) { return value >= 0.0F && value <= 1e6F; };
    return window >= 1 && window <= least && count >= 1 && sane(clock) && sane(week) && sane(age) && sane(spacing) &&
           sane(shift) && sane(rank_decay) && shift_decay > 0.0F;
  }
  template <class Self, class F>
  static void Fields(Self& self, F& f) {
    f(self.deseasonalised, self.window, self.count, self.clock, self.week, self.age, self.spacing, self.shift,
      self.shift_decay, self.rank_decay);
  }
};

inline constexpr std::size_t kMostNeighbours = QuantileCounter::kMost;

/// What the neighbours say about one horizon: a weighted median, and the points that hold 80 % between them.
struct NeighbourOpinion {
  float median;
  float low;
  float high;
  std::size_t voices;  ///< neighbours that are old enough to know; 0: the three are not set
};

/// What a set of parameters means for one shape of the day; immutable, shared by searches.
class NeighbourRules {
 public:
  /// For histories of up to `longest` values.
  NeighbourRules(const NeighbourParameters& parameters, const DayShape& shape, std::size_t longest);

  [[nodiscard]] bool deseasonalised() const { return deseasonalised_; }
  [[nodiscard]] std::size_t window() const { return importance_.size(); }
  [[nodiscard]] std::size_t count() const { return count_; }
  /// Least distance between the ends of two neighbours, in steps.
  [[nodiscard]] std::size_t spacing() const { return spacing_; }
  /// Least distance between the newest value and the end of a neighbour, in steps.
  [[nodiscard]] std::size_t least_ago() const { return least_ago_; }
  [[nodiscard]] float shift() const { return shift_; }
  [[nodiscard]] std::span<const float> importance() const { return importance_; }
  /// What windows cost that end `ago`, `ago` - 1, ... steps before the newest value.
  [[nodiscard]] std::span<const float> PenaltiesFrom(std::size_t ago) const {
    return std::span(penalties_).subspan(penalties_.size() - 1 - ago);
  }
  [[nodiscard]] float Fading(std::size_t horizon) const { return fading_[std::min(horizon, fading_.size() - 1)]; }
  [[nodiscard]] float RankWeight(std::size_t rank) const { return rank_weights_[rank]; }

 private:
  bool deseasonalised_;
  std::size_t count_;
  std::size_t spacing_;
  std::size_t least_ago_;
  float shift_;
  std::vector<float> importance_;  // of each lag of the window; sum 1
  std::vector<float> penalties_;   // by how long ago, longest first
  std::vector<float> fading_;      // of shifts, by horizon
  std::vector<float> rank_weights_;
};

/// Nearest neighbours of the newest values among all earlier offsets, whatever their phase.
/// Keeps buffers between searches; one thread at a time. Reads the past of an origin alone.
class NeighbourSearch {
 public:
  /// `rules` must outlive the search.
  explicit NeighbourSearch(const NeighbourRules& rules) : rules_(&rules) {}

  /// Finds the neighbours of the window that ends at `origin` among those that begin at `first` or later and
  /// end at least half an hour before it. `sums[t]` is the sum of the first t values of `z`; both must stay as
  /// they are while Ask() is used. O(origin * window), vectorised; ties go to the later one.
  void Find(std::span<const float> z, std::span<const double> sums, std::size_t first, std::size_t origin);

  /// How many were found.
  [[nodiscard]] std::size_t size() const { return found_.size(); }

  /// What followed the neighbours `horizon` >= 1 steps later.
  [[nodiscard]] NeighbourOpinion Ask(std::size_t horizon);

  /// The same without the outer points, which are not set.
  [[nodiscard]] NeighbourOpinion AskMedian(std::size_t horizon);

 private:
  struct Neighbour {
    std::size_t end;  // index of its newest value
    float shift;      // what is added to its future, before it fades
    float weight;
  };

  void PickNearest(std::size_t first);
  [[nodiscard]] std::size_t Gather(std::size_t horizon);

  const NeighbourRules* rules_;
  std::span<const float> z_;
  std::vector<float> shifts_;     // by candidate, from the first
  std::vector<float> distances_;  // by candidate, padded with infinity to whole blocks
  BlockMinima minima_;            // of distances_
  std::vector<Neighbour> found_;  // nearest first
  std::size_t origin_ = 0;
  QuantileCounter said_;
};

}  // namespace helios::ml
