// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"

namespace helios::bench {

/// What a fleet of hosts reports every 15 s: 32 series a host, counters and gauges with a daily cycle, 6 to 10 labels,
/// and about as unpredictable as real ones: EntropyBytes() is what no lossless codec can go below.
///
/// The same arguments always give the same samples. Threads may use different series at the same time.
class SeriesModel {
 public:
  static constexpr std::size_t kSeriesPerHost = 32;
  static constexpr std::chrono::milliseconds kStep{15'000};

  /// `first` is the time of round 0. With `jitter_ms`, a host's scrapes miss the step by that much, normally
  /// distributed: all series of a host share the time, as in a Prometheus.
  SeriesModel(std::size_t series, TimestampMs first, double jitter_ms = 0);

  /// Names and values in order of names, "__name__" first.
  using Labels = std::vector<std::pair<std::string, std::string>>;
  [[nodiscard]] static Labels LabelsOf(std::size_t series);

  /// The sample of `series` in `round`. Rounds of a series must be asked for one after the other.
  [[nodiscard]] double NextValue(std::size_t series, std::size_t round);
  [[nodiscard]] TimestampMs TimeOf(std::size_t series, std::size_t round) const;

  [[nodiscard]] std::size_t size() const { return levels_.size(); }

  /// Mean entropy of a value given all before it, in bytes. Rounding a normal distribution of standard deviation s to
  /// whole numbers leaves log2(s * sqrt(2 pi e)) bits, for s above 1; the small gauge's is summed over its values.
  [[nodiscard]] static double EntropyBytes();

 private:
  static constexpr std::size_t kStepsPerDay = 5'760;

  TimestampMs first_;
  double jitter_ms_;
  std::array<double, kStepsPerDay> cycle_;  // of the day, from -1 to 1
  std::vector<std::int64_t> levels_;
};

}  // namespace helios::bench
