// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"
#include "detection/drift_listener.h"
#include "tsdb/embedded_store.h"

namespace helios::detection {

/// Gathers level shifts by metric, and tells of a metric once one in a hundred of its active series shifted within
/// kRemember: then its models know another level than its series have. A training costs the same for one series as for
/// all of the metric's, so a few among thousands wait for the nightly one.
///
/// What is gathered is lost with the process. Note() is for the thread that scores, Tell() for one that may wait.
class DriftWatch {
 public:
  static constexpr std::chrono::hours kRemember{12};
  static constexpr std::chrono::minutes kLookAgain{1};
  static constexpr std::size_t kMostNoted = 100'000;  ///< between two calls of Tell(); more are not noted

  /// All must outlive it.
  DriftWatch(const tsdb::EmbeddedStore& store, const Clock& clock, DriftListener& listener)
      : store_(store), clock_(clock), listener_(listener) {}

  /// The level of `series` has moved and stayed. Waits for nothing.
  void Note(TenantId tenant, tsdb::SeriesId series);

  /// Tells the listener of metrics that drifted. One that no training comes of is told again after kLookAgain, until
  /// its shifts are older than kRemember.
  void Tell();

 private:
  struct Shifts {
    std::unordered_map<std::uint64_t, TimestampMs> series;  ///< when it was noted, by tsdb::SeriesId
    TimestampMs looked_at{};
  };

  void Gather(TimestampMs now);
  /// Whether the shifts are dealt with.
  [[nodiscard]] bool Look(TenantId tenant, const std::string& metric, Shifts& shifts, TimestampMs now);

  const tsdb::EmbeddedStore& store_;
  const Clock& clock_;
  DriftListener& listener_;
  std::mutex mutex_;
  std::vector<std::pair<TenantId, tsdb::SeriesId>> noted_;
  std::map<std::pair<TenantId, std::string>, Shifts> shifts_;  ///< by metric; of the thread that tells
};

}  // namespace helios::detection
