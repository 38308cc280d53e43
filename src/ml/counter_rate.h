// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "ml/grid.h"

namespace helios::ml {

/// A counter is forecast by its rate: FitForecaster(ToRates(samples), options), and Append(ToRates()) of the samples
/// from the newest one that was taken in on, so that the first increase has something to count from.
///
/// What a counter counted a second: for each pair of neighbours in time the increase over the seconds between them, at
/// the later one's time. A value below the one before says that the counter began again at 0, so the increase is the
/// value itself, as Prometheus' rate() takes it; what was counted between the last look and the restart is not known.
///
/// `counter` may be in any order. Values that are not finite, or negative, are gaps, and the next rate is the mean over
/// them; of several at one time the first counts. Rates rise strictly in time; there is one less than samples that
/// count. O(n log n).
[[nodiscard]] std::vector<Sample> ToRates(std::span<const Sample> counter);

/// The rates of a counter whose samples come one by one. 16 bytes.
class CounterFollower {
 public:
  /// What was counted a second since the sample before, at the sample's time. Nothing for the first one, one that is
  /// not newer, a gap (not finite, or negative), and one that is below the one before: of a restart it is not known
  /// what was counted until then, and ToRates()' guess is too low, which a detector would take for a drop.
  [[nodiscard]] std::optional<Sample> Take(const Sample& sample);

 private:
  Sample before_{.time = {}, .value = std::numeric_limits<double>::quiet_NaN()};
};

/// Whether a metric's name says that it is a counter: it ends in "_total" or "_bucket", as Prometheus and OpenMetrics
/// name them.
[[nodiscard]] bool NamesCounter(std::string_view metric);

/// Whether the values, in the order of their times, could be a counter's: none negative, some increase, and each
/// decrease a reset, which falls below half of the value before, at most one in ten steps. A name that says so
/// ("…_total") is better evidence; a gauge that only grows looks like a counter too.
[[nodiscard]] bool LooksLikeCounter(std::span<const Sample> samples);

}  // namespace helios::ml
