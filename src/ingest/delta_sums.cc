// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/delta_sums.h"

#include <algorithm>

namespace helios::ingest {

void DeltaSums::Apply(const ClassicHistogram& point, double sign, Sum& sum) {
  sum.count += sign * point.count;
  sum.sum += sign * point.sum;
  double below = 0;
  for (const ClassicHistogram::Bucket& bucket : point.buckets) {
    sum.buckets[bucket.le] += sign * (bucket.count - below);
    below = bucket.count;
  }
}

void DeltaSums::Forget(Tenant& tenant, TimestampMs now) {
  series_ -= std::erase_if(tenant.series, [&](const auto& entry) {
    if (now - entry.second.heard_at <= kForgetAfter) return false;
    tenant.bounds -= entry.second.buckets.size();
    bounds_ -= entry.second.buckets.size();
    return true;
  });
}

bool DeltaSums::MakeRoom(Tenant& own, std::size_t series, std::size_t bounds, TimestampMs now) {
  const auto own_full = [&] { return own.series.size() + series > kMaxSeries || own.bounds + bounds > kMaxBounds; };
  const auto full = [&] { return series_ + series > kMaxAllSeries || bounds_ + bounds > kMaxAllBounds; };
  if (own_full()) Forget(own, now);
  if (full()) {
    for (auto& [id, tenant] : tenants_) Forget(tenant, now);
  }
  return !own_full() && !full();
}

auto DeltaSums::Add(TenantId tenant, std::string_view series, TimestampMs time, TimestampMs now,
                    ClassicHistogram& point, std::vector<Step>& steps) -> Verdict {
  const std::scoped_lock lock(mutex_);
  Tenant& own = tenants_[tenant];
  const std::string key(series);
  auto found = own.series.find(key);
  if (found != own.series.end()) found->second.heard_at = now;  // making room must not forget it
  std::size_t new_bounds = point.buckets.size();
  if (found != own.series.end()) {
    new_bounds = static_cast<std::size_t>(std::ranges::count_if(
        point.buckets, [&](const auto& bucket) { return !found->second.buckets.contains(bucket.le); }));
  }
  const bool is_new = found == own.series.end();
  if ((is_new || new_bounds > 0) && !MakeRoom(own, is_new ? 1 : 0, new_bounds, now)) return Verdict::kTooManySeries;
  if (is_new) {
    found = own.series.try_emplace(key).first;
    ++series_;
  }
  Sum& sum = found->second;
  if (time == sum.newest) return Verdict::kRepeated;
  if (time < sum.newest) return Verdict::kOlder;
  steps.push_back({.series = std::string(series), .delta = point, .time = time, .previous = sum.newest});
  const std::size_t before = sum.buckets.size();
  Apply(point, 1, sum);
  own.bounds += sum.buckets.size() - before;
  bounds_ += sum.buckets.size() - before;
  sum.newest = time;
  sum.heard_at = now;
  point.count = sum.count;
  point.sum = sum.sum;
  point.buckets.clear();
  double running = 0;
  for (const auto& [le, count] : sum.buckets) point.buckets.push_back({.le = le, .count = running += count});
  return Verdict::kAdded;
}

void DeltaSums::Undo(TenantId tenant, const std::vector<Step>& steps) {
  const std::scoped_lock lock(mutex_);
  const auto own = tenants_.find(tenant);
  if (own == tenants_.end()) return;
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const auto found = own->second.series.find(step->series);
    if (found == own->second.series.end() || found->second.newest != step->time) continue;
    Apply(step->delta, -1, found->second);
    found->second.newest = step->previous;
  }
}

}  // namespace helios::ingest
