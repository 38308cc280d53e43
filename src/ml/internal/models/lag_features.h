// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace helios::ml {

/// Values of several series on one regular step, each divided by its own scale: the mean absolute difference of values
/// a day apart. Gaps are filled. Gives what trees learn the next value from, relative to the mean of the day before.
///
/// O(1) a row: windows come from running sums.
class LagFeatures {
 private:
  struct Running {
    std::vector<double> values;
    std::vector<double> sums = {0.0};  // of all before

    void Push(double value);
    /// Mean over [first, end).
    [[nodiscard]] double Mean(std::size_t first, std::size_t end) const;
  };

 public:
  static constexpr std::size_t kLags = 16;
  static constexpr std::size_t kCount = kLags + 17;
  using Row = std::array<float, kCount>;
  static constexpr std::size_t kDaysOfMonths = 62;

  /// `series` of equal length, oldest first, NaN for gaps; `day` steps make a day, the first value lies `phase` steps
  /// after the midnight of Monday, 5 January 1970. The day of the month is told where the series hold kDaysOfMonths:
  /// in less, trees would take it for a date that does not come again. Requires finite or NaN values, day >= 3, and
  /// more than `day` values.
  LagFeatures(std::span<const std::span<const double>> series, std::size_t day, std::size_t phase);

  /// What values of a series are divided by, the one after the other.
  struct Scaling {
    double unit = 1.0;
    double scale = 1.0;
    template <class Self, class F>
    static void Fields(Self& self, F& f) {
      f(self.unit, self.scale);
    }
  };
  [[nodiscard]] std::vector<Scaling> scalings() const;

  /// The same with scalings that were kept; requires one for each series.
  LagFeatures(std::span<const std::span<const double>> series, std::size_t day, std::size_t phase,
              std::span<const Scaling> scalings);

  /// The next value of each series, NaN for a gap.
  void Append(std::span<const double> values);

  [[nodiscard]] std::size_t series() const { return scaled_.size(); }
  [[nodiscard]] std::size_t size() const { return scaled_.front().values.size(); }
  [[nodiscard]] std::size_t day() const { return day_; }
  /// First value with enough before it.
  [[nodiscard]] std::size_t first_target() const { return std::max(2 * day_, kLags); }
  [[nodiscard]] bool Known(std::size_t series, std::size_t t) const { return known_[series][t] != 0; }
  [[nodiscard]] double Scaled(std::size_t series, std::size_t t) const { return scaled_[series].values[t]; }

  /// A scaled value, or a distance of such, in the series' unit.
  [[nodiscard]] double ToUnit(std::size_t series, double scaled) const {
    return scaled * scales_[series] * units_[series];
  }

  /// A series up to an origin, and forecasts that go on from there as if they had been measured.
  class Path {
   public:
    /// Requires origin < features.size(); `features` must outlive the path.
    Path(const LagFeatures& features, std::size_t series, std::size_t origin)
        : features_(features), own_(features.scaled_[series]), series_(series), origin_(origin) {}

    /// What the next value is learnt and forecast from. Requires origin + 1 >= first_target().
    [[nodiscard]] Row Next() const;
    /// Mean of the day before the next value, which rows and targets are relative to.
    [[nodiscard]] double Level() const;
    /// The next value, scaled.
    void Push(double value);

   private:
    [[nodiscard]] std::size_t size() const { return origin_ + 1 + values_.size(); }
    [[nodiscard]] double At(std::size_t t) const { return t <= origin_ ? own_.values[t] : values_[t - origin_ - 1]; }
    [[nodiscard]] double SumBefore(std::size_t t) const {
      return t <= origin_ + 1 ? own_.sums[t] : sums_[t - origin_ - 2];
    }
    [[nodiscard]] double Mean(std::size_t first, std::size_t end) const {
      return (SumBefore(end) - SumBefore(first)) / static_cast<double>(end - first);
    }

    const LagFeatures& features_;
    const Running& own_;
    std::size_t series_;
    std::size_t origin_;
    std::vector<double> values_;
    std::vector<double> sums_;  // up to and with each of them
  };

 private:
  /// Mean over the other series of the means over [first, end), less their last day's at `origin`; NaN without others.
  [[nodiscard]] float Others(std::size_t series, std::size_t origin, std::size_t first, std::size_t end) const;

  std::size_t day_;
  std::size_t hour_;
  std::size_t phase_;
  std::vector<double> units_;
  std::vector<double> scales_;  // of values divided by units_
  std::vector<Running> scaled_;
  std::vector<std::vector<char>> known_;
  Running together_;  // sum over the series
};

}  // namespace helios::ml
