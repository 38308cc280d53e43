// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "detection/report.h"
#include "detection/score_series.h"
#include "detection/watch_clock.h"
#include "ml/anomaly_spans.h"
#include "ml/counter_rate.h"
#include "ml/detector.h"

namespace helios::detection {

/// An anomaly under way, and what was told of it.
struct OpenAnomaly {
  ml::AnomalyTracker tracker;
  tsdb::SeriesKey series;
  std::string series_key;
  TimestampMs detected_at{};
  TimestampMs told_worst{};
  std::uint8_t told_kinds = 0;
  bool told = false;
};

/// How the samples of a series are judged.
enum class Judgement : std::uint8_t { kUnknown, kByValue, kByRate };

/// All that is remembered of one series.
struct SeriesWatch {
  ml::DetectorState state;
  ml::CounterFollower counter;  ///< of one that is judged by its rate; not saved: it is read again at a start
  Judgement judgement = Judgement::kUnknown;
  bool behind = false;  ///< what it misses is read from the store; samples that are fed meanwhile are among that
  std::unique_ptr<OpenAnomaly> open;
  ScoreWindow score_window;
};

struct TenantWatch {
  std::shared_ptr<const ml::Detector> detector;
  WatchClock clock;
  std::unordered_map<std::uint64_t, SeriesWatch> series;  ///< by tsdb::SeriesId
  std::unordered_map<std::string, bool> counters;         ///< by metric: IsCounter(), as it was first asked
};

/// Every series that is watched. One thread at a time.
class WatchTable {
 public:
  /// Bytes of one series, with what the hash table needs.
  static constexpr std::size_t kSeriesBytes = sizeof(SeriesWatch) + 64;

  explicit WatchTable(std::size_t most_series) : most_series_(most_series) {}

  /// The tenant's part, made where there is none. References stay valid.
  [[nodiscard]] TenantWatch& Of(TenantId tenant) { return tenants_[tenant]; }
  [[nodiscard]] std::unordered_map<TenantId, TenantWatch>& tenants() { return tenants_; }
  [[nodiscard]] const std::unordered_map<TenantId, TenantWatch>& tenants() const { return tenants_; }

  /// The series, made where there is none; null where there is none and no room. References stay valid until it goes.
  [[nodiscard]] SeriesWatch* Find(TenantWatch& tenant, tsdb::SeriesId series) {
    if (const auto found = tenant.series.find(series.value); found != tenant.series.end()) return &found->second;
    if (size_ >= most_series_) return nullptr;
    ++size_;
    return &tenant.series[series.value];
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t most_series() const { return most_series_; }

  /// Forgets series without a sample since `since`, but for those that are being caught up on; how many there were.
  std::size_t ForgetSilent(TimestampMs since) {
    std::size_t gone = 0;
    for (auto& [id, tenant] : tenants_) {
      gone += std::erase_if(tenant.series, [since](const auto& entry) {
        return !entry.second.behind && !entry.second.open && entry.second.state.newest() < since;
      });
    }
    size_ -= gone;
    return gone;
  }

 private:
  const std::size_t most_series_;
  std::size_t size_ = 0;
  std::unordered_map<TenantId, TenantWatch> tenants_;
};

}  // namespace helios::detection
