// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "ingest/classic_histogram.h"

namespace helios::ingest {

/// A key and its value as text: true, 12, 0.5, an array or a map as JSON, bytes in hexadecimal.
struct OtlpAttribute {
  std::string key;
  std::string value;
};

enum class OtlpKind : std::uint8_t { kNone, kGauge, kSum, kHistogram, kExponentialHistogram, kSummary };

/// AggregationTemporality of metrics.proto.
enum class OtlpTemporality : std::uint8_t { kUnspecified = 0, kDelta = 1, kCumulative = 2 };

/// A metric without its data points.
struct OtlpMetric {
  std::string name;
  std::string unit;
  OtlpKind kind = OtlpKind::kNone;
  OtlpTemporality temporality = OtlpTemporality::kUnspecified;
  bool monotonic = false;
};

/// A data point of any kind; what its metric's kind does not have stays empty.
struct OtlpPoint {
  std::vector<OtlpAttribute> attributes;
  std::uint64_t time_ns = 0;  ///< 0: not set
  bool no_recorded_value = false;
  std::optional<double> value;  ///< of gauges and sums

  double count = 0;
  std::optional<double> sum;
  // Of histograms: one count more than bounds, or none of both.
  std::vector<double> bounds;
  std::vector<double> bucket_counts;
  // Of exponential ones.
  ExponentialHistogram exponential;
  // Of summaries.
  struct Quantile {
    double quantile = 0;
    double value = 0;
  };
  std::vector<Quantile> quantiles;
};

/// Where a decoder puts what it reads, in this order: a resource, a metric of it, its points.
class OtlpSink {
 public:
  virtual ~OtlpSink() = default;
  virtual void BeginResource(const std::vector<OtlpAttribute>& attributes) = 0;
  virtual void BeginMetric(const OtlpMetric& metric) = 0;
  /// Errors end the decoding.
  [[nodiscard]] virtual Result<void> AddPoint(const OtlpPoint& point) = 0;
};

/// What a decoder keeps of a point: one more of either is kept than may be, and has the point refused.
inline constexpr std::size_t kMaxOtlpBuckets = 10'000;
inline constexpr std::size_t kMaxOtlpAttributes = 128;

}  // namespace helios::ingest
