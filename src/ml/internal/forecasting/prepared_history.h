// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/internal/forecasting/day_shape.h"

namespace helios::ml {

/// A history made ready for the forecasting members: without gaps, shifted and scaled so that the mean
/// absolute difference to the value a day before is 1, with running sums and profiles of the day.
///
/// What the profiles say about step t rests on values at t - day and before, so the arrays reach one day past
/// the newest value and the same ones serve every origin: At an origin o, steps up to o + day are known.
/// O(n) to build, O(1) (of seven days) for each Append().
/// A value: copying it forks its state.
class PreparedHistory {
 public:
  /// `values` oldest first, NaN for gaps, at least one known; finite values of any size.
  PreparedHistory(std::span<const double> values, DayShape shape);

  /// How values become scaled ones: what remains of a history when a model is kept without it.
  struct Scaling {
    double unit = 1.0;
    double centre = 0.0;  ///< of values times unit, as scale
    double scale = 1.0;
    bool never_negative = true;
    bool constant = true;  ///< nothing but one value so far

    [[nodiscard]] bool Valid() const { return unit > 0.0 && unit <= 1.0 && scale > 0.0; }
    template <class Self, class F>
    static void Fields(Self& self, F& f) {
      f(self.unit, self.centre, self.scale, self.never_negative, self.constant);
    }
  };
  [[nodiscard]] const Scaling& scaling() const { return scaling_; }

  /// `values` under the scaling of a history that they were the values of, or are later ones of. For the same values,
  /// what the first constructor makes, to the bit.
  PreparedHistory(std::span<const double> values, DayShape shape, const Scaling& scaling);

  /// The next value, NaN for a gap, in the series' unit.
  void Append(double value);

  /// Forgets the oldest `count` values; requires count < size(). What remains keeps its scale. O(n).
  void DropOldest(std::size_t count);

  [[nodiscard]] const DayShape& shape() const { return shape_; }
  [[nodiscard]] std::size_t size() const { return z_.size(); }
  [[nodiscard]] std::span<const float> z() const { return z_; }
  /// sums()[t] - sums()[s] is the sum of z() from s to t - 1.
  [[nodiscard]] std::span<const double> sums() const { return sums_; }
  [[nodiscard]] bool never_negative() const { return scaling_.never_negative; }
  /// Nothing but one value so far.
  [[nodiscard]] bool constant() const { return scaling_.constant; }
  /// Zero in scaled units, where a never-negative series is clipped; -infinity for others.
  [[nodiscard]] float floor() const { return floor_; }

  /// A scaled value in the series' unit; finite for any finite or infinite `z`.
  /// The floor gives 0, scaled 0 gives a value of the history, exactly; others are off by Rounding() at most.
  [[nodiscard]] double ToUnit(float z) const;
  /// What scaling a value to `z` and back may change it by, in the series' unit.
  [[nodiscard]] double Rounding(float z) const;

  /// Whether the value at `t` was measured rather than filled in.
  [[nodiscard]] bool Measured(std::size_t t) const { return measured_[t] != 0; }

  /// Mean of z over the closed range; requires first <= last < size().
  [[nodiscard]] float Mean(std::size_t first, std::size_t last) const {
    return static_cast<float>((sums_[last + 1] - sums_[first]) / static_cast<double>(last + 1 - first));
  }

  /// Mean of the same time of day over the seven days before, recent ones counting more; t < size() + day.
  [[nodiscard]] float Profile(std::size_t t) const { return profile_[t]; }
  [[nodiscard]] float ProfileMean(std::size_t first, std::size_t last) const {
    return static_cast<float>((profile_sums_[last + 1] - profile_sums_[first]) / static_cast<double>(last + 1 - first));
  }
  /// Median of the same days.
  [[nodiscard]] float Median(std::size_t t) const { return median_[t]; }
  /// The same time a week before; the profile while there is no such week.
  [[nodiscard]] float Week(std::size_t t) const { return week_[t]; }
  [[nodiscard]] float WeekMean(std::size_t first, std::size_t last) const {
    return static_cast<float>((week_sums_[last + 1] - week_sums_[first]) / static_cast<double>(last + 1 - first));
  }
  /// Two days before, smoothed; the profile where there is none. Requires t < size() + day.
  [[nodiscard]] float TwoDaysBefore(std::size_t t) const {
    return t >= 2 * shape_.day ? smooth_[t - 2 * shape_.day] : profile_[t];
  }
  /// z less the median profile; zero during the first day. size() long.
  [[nodiscard]] std::span<const float> departures() const { return departures_; }
  [[nodiscard]] std::span<const double> departure_sums() const { return departure_sums_; }

 private:
  void Fill(std::span<const double> filled, std::span<const double> values);
  [[nodiscard]] float ToScaled(double value) const;
  void Push(float z, bool measured);
  void ExtendSmooth();
  void ExtendProfiles();
  void ExtendDepartures();
  [[nodiscard]] float FillIn() const;

  DayShape shape_;
  Scaling scaling_;
  float floor_ = 0.0F;
  std::vector<float> z_;
  std::vector<char> measured_;
  std::vector<double> sums_ = {0.0};
  std::vector<float> smooth_;  // mean of five around t; the newest two change when more is appended
  std::vector<float> profile_;
  std::vector<float> median_;
  std::vector<float> week_;
  std::vector<double> profile_sums_ = {0.0};
  std::vector<double> week_sums_ = {0.0};
  std::vector<float> departures_;
  std::vector<double> departure_sums_ = {0.0};
};

}  // namespace helios::ml
