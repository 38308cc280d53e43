// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "base/uuid.h"
#include "ingest/classic_histogram.h"

namespace helios::ingest {

/// Adds up what senders of delta temporality report, so that what is stored counts on as every other counter does.
///
/// Sums live in memory: after a restart they begin at 0, which is a counter reset to whoever reads rates. Bounded:
/// kMaxSeries and kMaxBounds of all their buckets a tenant, kMaxAllSeries and kMaxAllBounds in all; where one is
/// reached, series silent for an hour are forgotten first. A plain number is a histogram without buckets, of which
/// `sum` is used. Thread-safe.
class DeltaSums {
 public:
  static constexpr std::size_t kMaxSeries = 10'000;
  static constexpr std::size_t kMaxAllSeries = 100'000;
  static constexpr std::size_t kMaxBounds = 200'000;
  static constexpr std::size_t kMaxAllBounds = 1'000'000;
  static constexpr std::chrono::hours kForgetAfter{1};

  enum class Verdict : std::uint8_t {
    kAdded,
    kRepeated,  ///< the point of this time was added before: a sender that tries again
    kOlder,     ///< older than the newest one that was added
    kTooManySeries,
  };

  /// What Add() changed, for Undo().
  struct Step {
    std::string series;
    ClassicHistogram delta;
    TimestampMs time;
    TimestampMs previous;
  };

  /// Adds `point`, whose bucket counts go up to each bound as ever, to the series that `series` names (any bytes), and
  /// puts the sum in its place. Appends to `steps`.
  [[nodiscard]] Verdict Add(TenantId tenant, std::string_view series, TimestampMs time, TimestampMs now,
                            ClassicHistogram& point, std::vector<Step>& steps);

  /// Takes back what was not stored, so that the sender may try again. A step on top of which another came stays: its
  /// amount is in what was stored since.
  void Undo(TenantId tenant, const std::vector<Step>& steps);

 private:
  struct Sum {
    TimestampMs newest = TimestampMs::min();
    TimestampMs heard_at;
    double count = 0;
    double sum = 0;
    std::map<double, double> buckets;  ///< by bound: what lies between it and the bound below
  };
  struct Tenant {
    std::unordered_map<std::string, Sum> series;
    std::size_t bounds = 0;
  };

  static void Apply(const ClassicHistogram& point, double sign, Sum& sum);
  /// For so many series and bounds more; false where there is no room.
  [[nodiscard]] bool MakeRoom(Tenant& own, std::size_t series, std::size_t bounds, TimestampMs now);
  void Forget(Tenant& tenant, TimestampMs now);

  std::mutex mutex_;
  std::unordered_map<TenantId, Tenant> tenants_;
  std::size_t series_ = 0;
  std::size_t bounds_ = 0;
};

}  // namespace helios::ingest
