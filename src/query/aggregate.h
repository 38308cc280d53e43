// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "tsdb/sample_store.h"

namespace helios::query {

struct Point {
  TimestampMs time;
  double value = 0;
  bool operator==(const Point&) const = default;
};

enum class Aggregate : std::uint8_t { kAvg, kMin, kMax, kSum, kCount, kLast };

/// "avg", "min", "max", "sum", "count", "last".
[[nodiscard]] std::optional<Aggregate> ParseAggregate(std::string_view name);

/// One point for each step that holds a finite sample: steps are multiples of `step` since the epoch, a
/// point's time is its step's start. `samples` are in order of time; NaN and infinities are left out.
/// Requires step > 0.
[[nodiscard]] std::vector<Point> AggregateByStep(const std::vector<Point>& samples, std::chrono::milliseconds step,
                                                 Aggregate aggregate);

/// At most `max_points` of `samples`, keeping each part's smallest and largest value and the ends, so that
/// no spike disappears from a chart. Requires max_points >= 4; fewer samples come back as they are.
[[nodiscard]] std::vector<Point> KeepExtremes(const std::vector<Point>& samples, std::size_t max_points);

}  // namespace helios::query
