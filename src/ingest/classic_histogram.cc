// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/classic_histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <ranges>

#include "tsdb/sample_store.h"

namespace helios::ingest {
namespace {

using Bucket = ExponentialHistogram::Bucket;

/// 2^exponent, with the overflow of any integer going to infinity or 0.
double PowerOfTwo(std::int64_t exponent) {
  constexpr std::int64_t kBeyond = 5000;
  return std::ldexp(1.0, static_cast<int>(std::clamp(exponent, -kBeyond, kBeyond)));
}

/// Buckets of at most scale 0, rising by index, none empty.
std::vector<Bucket> Merged(const std::vector<Bucket>& buckets, std::int32_t scale) {
  const int shift = std::clamp(scale, 0, 62);
  std::vector<Bucket> merged;
  for (const Bucket& bucket : buckets) {
    if (bucket.count == 0) continue;
    const std::int64_t index = bucket.index >> shift;
    if (merged.empty() || merged.back().index != index) merged.push_back({.index = index, .count = 0});
    merged.back().count += bucket.count;
  }
  return merged;
}

}  // namespace

double StaleMarker() {
  return std::bit_cast<double>(tsdb::kStaleMarkerBits);
}

void ToClassic(const ExponentialHistogram& histogram, std::vector<ClassicHistogram::Bucket>& out) {
  const std::int64_t widen =
      std::clamp(-std::int64_t{histogram.scale}, std::int64_t{0}, std::int64_t{12});  // bound i is 2^(i·2^widen)
  const auto bound = [widen](std::int64_t index) {
    constexpr std::int64_t kBeyond = 1LL << 40;
    return PowerOfTwo(std::clamp(index, -kBeyond, kBeyond) * (1LL << widen));
  };
  out.clear();
  double sum = 0;
  const auto add = [&](double low, double high, double count) {
    if (std::isfinite(low) && (out.empty() || out.back().le < low)) out.push_back({.le = low, .count = sum});
    sum += count;
    if (std::isinf(high)) return;  // the caller's count says it
    if (out.back().le < high) {
      out.push_back({.le = high, .count = sum});
    } else {
      out.back().count = sum;
    }
  };
  for (const Bucket& bucket : std::views::reverse(Merged(histogram.negative, histogram.scale))) {
    add(-bound(bucket.index + 1), -bound(bucket.index), bucket.count);
  }
  if (histogram.zero_count > 0) {
    const double width = std::abs(histogram.zero_threshold);
    // Without a threshold the bucket holds zeros alone, and has no width that a lower bound would show.
    if (width > 0) {
      add(-width, width, histogram.zero_count);
    } else {
      sum += histogram.zero_count;
      if (!out.empty() && out.back().le >= 0) {
        out.back().count = sum;
      } else {
        out.push_back({.le = 0, .count = sum});
      }
    }
  }
  for (const Bucket& bucket : Merged(histogram.positive, histogram.scale)) {
    add(bound(bucket.index), bound(bucket.index + 1), bucket.count);
  }
}

std::string BoundText(double bound) {
  if (std::isinf(bound)) return bound > 0 ? "+Inf" : "-Inf";
  if (bound == 0) return "0";
  return fmt::format("{}", bound);
}

}  // namespace helios::ingest
