// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace helios::ml {

/// Lengths in steps that follow from how many steps a day has, and the grid of horizons that errors,
/// weights and coefficients are kept at. The forecaster looks at most one day ahead at a time.
struct DayShape {
  std::size_t day;   ///< steps a day, at least kLeastDay
  std::size_t hour;  ///< "an hour" in steps; three where a day has fewer than 144
  bool fine;         ///< at least 144 steps a day: parameters for five-minute values, else for hourly ones

  static constexpr std::size_t kLeastDay = 8;

  explicit DayShape(std::size_t steps_a_day)
      : day(steps_a_day),
        hour(steps_a_day >= 144 ? steps_a_day / 24 : std::max<std::size_t>(3, steps_a_day / 24)),
        fine(steps_a_day >= 144) {}

  /// A share of the day in steps, at least one.
  [[nodiscard]] std::size_t Part(std::size_t divisor) const { return std::max<std::size_t>(1, day / divisor); }

  /// Ends of the horizon bands within which the members' weights are judged: 0 < ... < day.
  [[nodiscard]] std::vector<std::size_t> WeightEdges() const {
    return fine ? Edges({3, 12, 48, 144}) : Edges({2, 4, 8, 16, 32, 64});
  }
  /// Ends of the narrower bands within which the width of intervals is judged.
  [[nodiscard]] std::vector<std::size_t> WidthEdges() const {
    return fine ? Edges({1, 3, 6, 12, 24, 48, 96, 192}) : Edges({1, 2, 4, 8, 16, 32, 64});
  }
  /// Horizons at which the ridge regression has coefficients; 1 is the first and the day the last.
  [[nodiscard]] std::vector<std::size_t> Anchors() const {
    auto anchors = fine ? Edges({1, 2, 3, 4, 6, 8, 12, 16, 24, 36, 54, 80, 120, 160, 200, 240})
                        : Edges({1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 48, 64});
    anchors.erase(anchors.begin());
    return anchors;
  }
  /// Horizons that backtests score: the first hour fully, then few enough that a day has about fifty.
  [[nodiscard]] std::vector<std::size_t> ScoredHorizons() const {
    std::vector<std::size_t> horizons;
    const std::size_t stride = std::max<std::size_t>(1, day / 36);
    for (std::size_t h = 1; h <= day; h += h < hour ? 1 : stride) horizons.push_back(h);
    return horizons;
  }

 private:
  /// 0, those of `inner` that leave room before the day's end, the day.
  [[nodiscard]] std::vector<std::size_t> Edges(std::initializer_list<std::size_t> inner) const {
    std::vector<std::size_t> edges = {0};
    for (const std::size_t edge : inner) {
      if (edge + edge / 4 < day) edges.push_back(edge);
    }
    edges.push_back(day);
    return edges;
  }
};

/// Splits horizons 1..day into bands, and interpolates linearly between their centres.
class HorizonBands {
 public:
  /// `edges` ascending, from 0: band i holds the horizons in (edges[i], edges[i + 1]].
  explicit HorizonBands(std::vector<std::size_t> edges) : edges_(std::move(edges)) {}

  [[nodiscard]] std::size_t size() const { return edges_.size() - 1; }
  [[nodiscard]] std::size_t First(std::size_t band) const { return edges_[band] + 1; }
  [[nodiscard]] std::size_t Last(std::size_t band) const { return edges_[band + 1]; }

  /// The band that holds `horizon`; the last one beyond the day.
  [[nodiscard]] std::size_t BandOf(std::size_t horizon) const {
    std::size_t band = 0;
    while (band + 1 < size() && horizon > edges_[band + 1]) ++band;
    return band;
  }

  /// Where `horizon` lies between the centres of two neighbouring bands: value = (1 - share) * of[band] +
  /// share * of[band + 1]; share is 0 outside the first and the last centre.
  struct Place {
    std::size_t band;
    float share;
  };
  [[nodiscard]] Place PlaceOf(std::size_t horizon) const {
    const auto at = static_cast<float>(horizon);
    if (at <= Centre(0)) return {0, 0.0F};
    for (std::size_t band = 0; band + 1 < size(); ++band) {
      const float left = Centre(band);
      const float right = Centre(band + 1);
      if (at < right) return {band, (at - left) / (right - left)};
    }
    return {size() - 1, 0.0F};
  }

 private:
  [[nodiscard]] float Centre(std::size_t band) const {
    return (static_cast<float>(edges_[band]) + static_cast<float>(edges_[band + 1]) + 1.0F) / 2.0F;
  }

  std::vector<std::size_t> edges_;
};

}  // namespace helios::ml
