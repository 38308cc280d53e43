// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "ml/detector.h"

namespace helios::ml {

/// One anomaly of one series: neighbouring anomalous samples, and the worst of them.
struct AnomalySpan {
  TimestampMs start{};  ///< first anomalous sample
  TimestampMs end{};    ///< last one, or last one that was still abnormal
  TimestampMs worst{};  ///< the sample with the largest score; the fields below are its own
  double value = 0.0;
  double expected = 0.0;
  double lower = 0.0;
  double upper = 0.0;
  double score = 0.0;
  Severity severity = Severity::kNone;
  std::uint8_t kinds = 0;     ///< AnomalyKind bits of all its samples
  std::uint32_t samples = 0;  ///< anomalous ones

  [[nodiscard]] bool Has(AnomalyKind kind) const { return (kinds & static_cast<std::uint8_t>(kind)) != 0; }
};

struct SpanParameters {
  std::uint16_t bridge = 3;  ///< normal samples in between that do not end an anomaly
  /// An anomaly that is merely abnormal, without another alarm, ends after so many samples.
  std::uint16_t longest_quiet = 288;
  /// Silence that ends an anomaly, whatever comes after.
  std::chrono::milliseconds longest_silence = std::chrono::hours{6};
};

/// Makes anomalies out of a series' detections, as they come. A value, about 140 bytes.
///
/// An anomaly opens at a sample with a score of at least kAnomalyScore and goes on while samples are
/// anomalous or abnormal, over short breaks too.
class AnomalyTracker {
 public:
  /// All that it remembers; restored, it goes on as if nothing had been.
  struct Memory {
    std::optional<AnomalySpan> open;
    std::uint16_t normal = 0;
    std::uint16_t quiet = 0;
  };

  AnomalyTracker() = default;
  explicit AnomalyTracker(const Memory& memory) : open_(memory.open), normal_(memory.normal), quiet_(memory.quiet) {}
  [[nodiscard]] Memory memory() const { return {.open = open_, .normal = normal_, .quiet = quiet_}; }

  /// Takes a scored sample, in order of time. Gives the anomaly that this sample ended, if any; it may have
  /// opened another at once.
  std::optional<AnomalySpan> Take(const Sample& sample, const Detection& detection, const SpanParameters& parameters);

  /// The anomaly that is under way. Its end is that of the newest sample in it.
  [[nodiscard]] const std::optional<AnomalySpan>& open() const { return open_; }

 private:
  std::optional<AnomalySpan> open_;
  std::uint16_t normal_ = 0;  // samples since one that was anomalous or abnormal
  std::uint16_t quiet_ = 0;   // samples since one that was anomalous
};

/// The anomalies of a whole history, oldest first, the one under way included. `detections` belong to
/// `samples`, one each; those not scored are passed over. Requires equal lengths. O(samples).
[[nodiscard]] std::vector<AnomalySpan> MergeAnomalies(std::span<const Sample> samples,
                                                      std::span<const Detection> detections,
                                                      const SpanParameters& parameters = {});

/// Anomalies, usually of different series, that began together.
struct IncidentGroup {
  TimestampMs start{};  ///< of the first
  TimestampMs end{};    ///< of the last to end
  double score = 0.0;   ///< the largest
  Severity severity = Severity::kNone;
  std::vector<std::size_t> members;  ///< positions in the input, by start, then by position
};

/// Groups anomalies: in order of their start, each joins the group of the one before it when it began
/// within `together` of that group's first. Every anomaly is in exactly one group; groups come by start.
/// The same set in another order gives the same groups. O(n log n).
[[nodiscard]] std::vector<IncidentGroup> GroupIncidents(std::span<const AnomalySpan> anomalies,
                                                        std::chrono::milliseconds together);

}  // namespace helios::ml
