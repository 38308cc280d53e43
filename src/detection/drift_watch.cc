// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/drift_watch.h"

#include <algorithm>

namespace helios::detection {
namespace {

constexpr std::chrono::hours kActive{1};
constexpr std::size_t kOneIn = 100;  // of a metric's active series
constexpr std::size_t kMostSeriesOfAMetric = 1'000'000;

}  // namespace

void DriftWatch::Note(TenantId tenant, tsdb::SeriesId series) {
  const std::scoped_lock lock(mutex_);
  if (noted_.size() < kMostNoted) noted_.emplace_back(tenant, series);
}

void DriftWatch::Gather(TimestampMs now) {
  std::vector<std::pair<TenantId, tsdb::SeriesId>> noted;
  {
    const std::scoped_lock lock(mutex_);
    noted.swap(noted_);
  }
  for (const auto& [tenant, series] : noted) {
    if (const auto key = store_.KeyOf(tenant, series)) shifts_[{tenant, key->metric}].series[series.value] = now;
  }
}

bool DriftWatch::Look(TenantId tenant, const std::string& metric, Shifts& shifts, TimestampMs now) {
  if (now >= shifts.looked_at && now - shifts.looked_at < kLookAgain) return false;
  shifts.looked_at = now;
  std::erase_if(shifts.series, [now](const auto& entry) { return now - entry.second > kRemember; });
  if (shifts.series.empty()) return true;
  const auto found = store_.FindSeries(tenant, {.metric = metric, .matchers = {}}, kMostSeriesOfAMetric);
  if (!found) return false;
  DriftedMetric drift{.tenant = tenant, .metric = metric};
  for (const tsdb::SeriesInfo& info : *found) {
    if (info.last_seen < now - kActive) continue;
    ++drift.active;
    drift.shifted += shifts.series.contains(info.id.value) ? 1 : 0;
  }
  return drift.shifted > 0 && drift.shifted * kOneIn >= drift.active && listener_.OnDrift(drift);
}

void DriftWatch::Tell() {
  const TimestampMs now = clock_.Now();
  Gather(now);
  for (auto at = shifts_.begin(); at != shifts_.end();) {
    const auto& [tenant, metric] = at->first;
    at = Look(tenant, metric, at->second, now) ? shifts_.erase(at) : std::next(at);
  }
}

}  // namespace helios::detection
