// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ml/prophet.h"

namespace helios::ml {

/// The columns that a model's beta weighs: seasons, then holidays, then regressors.
class ProphetFeatures {
 public:
  explicit ProphetFeatures(const ProphetModel& model);

  [[nodiscard]] std::size_t count() const { return prior_scales_.size(); }
  [[nodiscard]] std::span<const double> prior_scales() const { return prior_scales_; }
  [[nodiscard]] std::span<const char> multiplicative() const { return multiplicative_; }

  /// count() columns of `frame.times` values each, one after another. Requires a frame that was checked.
  [[nodiscard]] std::vector<double> Columns(const ProphetFrame& frame) const;

 private:
  void Add(std::size_t columns, double prior_scale, ProphetMode mode);

  const ProphetModel& model_;
  std::vector<double> prior_scales_;
  std::vector<char> multiplicative_;
};

/// Days since 1970, with a fraction, by the clock that `time` is in.
[[nodiscard]] double ProphetDays(TimestampMs time);

}  // namespace helios::ml
