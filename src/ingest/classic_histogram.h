// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace helios::ingest {

/// A histogram of exponential buckets, as OpenTelemetry counts them: with base = 2^(2^-scale), bucket i of `positive`
/// holds the values in (base^i, base^(i+1)], that of `negative` the same mirrored. Indexes rise.
struct ExponentialHistogram {
  struct Bucket {
    std::int64_t index = 0;
    double count = 0;
  };
  std::int32_t scale = 0;
  double zero_threshold = 0;
  double zero_count = 0;
  std::vector<Bucket> positive = {};
  std::vector<Bucket> negative = {};
};

/// A histogram as series show it: NAME_bucket{le="…"} with the count of values up to each bound, NAME_count, NAME_sum.
struct ClassicHistogram {
  struct Bucket {
    double le = 0;
    double count = 0;  ///< of all values up to `le`
  };
  double count = 0;
  double sum = 0;
  bool has_sum = true;
  bool stale = false;           ///< the series end here: its values are stale markers
  std::vector<Bucket> buckets;  ///< rising, without that of +Inf, which is `count`
};

/// Merges neighbouring buckets until every bound is a power of two, which loses nothing but resolution: a finer scale
/// than 0 becomes 0, a coarser one stays. Bounds stand where the count changes, and below each run of filled buckets,
/// so that interpolating between two of them is right; a bound that was there once stays while counts only grow.
/// A value exactly at the bound of a negative bucket counts to the bucket above it. Source: ADR 6.
void ToClassic(const ExponentialHistogram& histogram, std::vector<ClassicHistogram::Bucket>& out);

/// "0.5", "1", "+Inf": the text of a bound, the shortest that reads back as the same number.
[[nodiscard]] std::string BoundText(double bound);

/// Calls `row(suffix, le, value)` for each series of the histogram; `le` is "" but for those of "_bucket".
void ForEachSeries(const ClassicHistogram& histogram, auto&& row);

[[nodiscard]] double StaleMarker();

void ForEachSeries(const ClassicHistogram& histogram, auto&& row) {
  const double stale = StaleMarker();
  for (const ClassicHistogram::Bucket& bucket : histogram.buckets) {
    row(std::string_view("_bucket"), std::string_view(BoundText(bucket.le)), histogram.stale ? stale : bucket.count);
  }
  row(std::string_view("_bucket"), std::string_view("+Inf"), histogram.stale ? stale : histogram.count);
  row(std::string_view("_count"), std::string_view(), histogram.stale ? stale : histogram.count);
  if (histogram.has_sum) row(std::string_view("_sum"), std::string_view(), histogram.stale ? stale : histogram.sum);
}

}  // namespace helios::ingest
