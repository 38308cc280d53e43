// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
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

/// Whether the values, in the order of their times, could be a counter's: none negative, some increase, and each
/// decrease a reset, which falls below half of the value before, at most one in ten steps. A name that says so
/// ("…_total") is better evidence; a gauge that only grows looks like a counter too.
[[nodiscard]] bool LooksLikeCounter(std::span<const Sample> samples);

}  // namespace helios::ml
