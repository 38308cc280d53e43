// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/series.h"

namespace helios::tsdb {

/// A sample that became its series' newest.
struct FedSample {
  SeriesId series;
  TimestampMs time;
  double value = 0;
};

/// Samples that became durable together, in the order in which they were stored.
struct FedGroup {
  /// The next `samples` samples are of `tenant`.
  struct Run {
    TenantId tenant;
    std::size_t samples = 0;
  };
  TimestampMs arrived{};  ///< when the newest of their requests came, by the store's clock
  std::vector<Run> runs;
  std::vector<FedSample> samples;

  void Add(TenantId tenant, TimestampMs now, const FedSample& sample) {
    if (runs.empty() || runs.back().tenant != tenant) runs.push_back({.tenant = tenant, .samples = 0});
    ++runs.back().samples;
    arrived = now;
    samples.push_back(sample);
  }
};

/// A queue of what became durable, between the journal's thread and one reader that follows it. Samples that came out
/// of order, and those of Helios' own series, are not fed. Thread-safe.
///
/// A reader that falls behind never holds anyone up: above `most_samples` the oldest groups are dropped and counted.
/// Whoever needs them reads the store.
class SampleFeed {
 public:
  explicit SampleFeed(std::size_t most_samples) : most_samples_(most_samples) {}

  void Offer(FedGroup group);

  /// The oldest group; nothing where none comes within `patience`.
  [[nodiscard]] std::optional<FedGroup> Take(std::chrono::milliseconds patience);

  /// Samples dropped so far.
  [[nodiscard]] std::uint64_t dropped() const;
  [[nodiscard]] bool empty() const;

 private:
  const std::size_t most_samples_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<FedGroup> groups_;
  std::size_t samples_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace helios::tsdb
