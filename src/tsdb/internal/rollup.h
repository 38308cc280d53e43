// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <span>

#include "tsdb/internal/column_bytes.h"

namespace helios::tsdb {

/// Rollups of one series in columns of equal length. A bucket begins at a multiple of the step, may lie before 1970,
/// and is there only when it has a value; times rise strictly.
///
/// NaN, stale markers and infinities are no values here, as in a query's aggregates. Hence a bucket's count is at least
/// 1, and its min, max and last are finite; a sum may overflow.
struct RollupBuffer {
  Column<std::int64_t> times_ms;  ///< where the bucket begins
  Column<double> min;
  Column<double> max;
  Column<double> sum;
  Column<double> last;  ///< the newest value
  Column<std::uint64_t> count;

  [[nodiscard]] std::size_t size() const { return times_ms.size(); }
  void clear() { resize(0); }
  /// New buckets are unset.
  void resize(std::size_t buckets);
};

/// Adds samples in rising order of time, none of them before the last bucket of `out`, which goes on where the first
/// sample belongs to it. Sums are compensated, so that sums of decimals mostly end as decimals, which are shorter.
/// Requires step > 0.
void AddSamples(std::chrono::milliseconds step, std::span<const std::int64_t> times_ms, std::span<const double> values,
                RollupBuffer& out);

/// Appends the buckets of both, in order. Where both have one, it is merged, and `last` is that of `newer`.
void MergeRollups(const RollupBuffer& older, const RollupBuffer& newer, RollupBuffer& out);

/// Appends rollups of a larger step made of `fine`, whose step divides it. Their last bucket goes on as in AddSamples.
void CoarsenRollups(std::chrono::milliseconds step, const RollupBuffer& fine, RollupBuffer& out);

/// The multiple of `step` at or before `time_ms`. Times and steps beyond 2^62 are not for rollups.
[[nodiscard]] std::int64_t BucketOf(std::chrono::milliseconds step, std::int64_t time_ms);

}  // namespace helios::tsdb
