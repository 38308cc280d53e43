// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <span>
#include <vector>

#include "ml/fitted_model.h"
#include "ml/local_clock.h"

namespace helios::ml {

/// A series on the regular step of a local clock, so that models which know no clock (fitted_model.h,
/// xgboost_model.h) find a habit of 09:00 at 09:00 on both sides of a change.
struct LocalHistory {
  TimestampMs first{};  ///< what the clock shows at values[0], written as if it were UTC
  std::chrono::milliseconds step{0};
  std::vector<double> values;

  /// For FitModel(), FitXgboost(), ChooseModel() and FittedModel::Append(); the forecast of a step belongs to
  /// LocalClock::ToUtc() of its time. Borrows.
  [[nodiscard]] RegularHistory view() const { return {.first = first, .step = step, .values = values}; }
};

/// `history` as `clock` shows it. The hour that comes twice is averaged, the one that never comes is a gap; an offset
/// that is no multiple of the step goes to the nearest step. Of an XGBoost model each series is converted alike, and
/// they keep one length. O(n log changes). Requires a positive step.
[[nodiscard]] LocalHistory ToLocalHistory(const RegularHistory& history, const LocalClock& clock);

}  // namespace helios::ml
