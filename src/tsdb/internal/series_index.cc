// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/series_index.h"

#include <algorithm>
#include <mutex>
#include <string_view>

#include "tsdb/internal/limits.h"

namespace helios::tsdb {

std::size_t TenantSeries::KeyHash::operator()(const SeriesKey& key) const noexcept {
  const std::hash<std::string_view> text_hash;
  std::size_t hash = text_hash(key.metric);
  const auto mix = [&](std::string_view text) { hash = (hash ^ text_hash(text)) * 0x9e3779b97f4a7c15ULL; };
  for (const Label& label : key.labels) {
    mix(label.name);
    mix(label.value);
  }
  return hash;
}

Series* TenantSeries::Find(const SeriesKey& key) const {
  const auto at = by_key_.find(key);
  return at == by_key_.end() ? nullptr : *at;
}

SeriesPtr TenantSeries::Find(SeriesId id) const {
  const auto at = by_id_.find(id.value);
  return at == by_id_.end() ? nullptr : at->second;
}

void TenantSeries::Insert(SeriesPtr series) {
  by_key_.insert(series.get());
  by_metric_[series->key.metric].push_back(series);
  by_id_.emplace(series->id.value, std::move(series));
}

void TenantSeries::Erase(const std::vector<SeriesPtr>& series) {
  std::unordered_set<const Series*> gone;
  std::unordered_set<std::string_view> metrics;  // each is walked once, however many of its series go
  for (const SeriesPtr& one : series) {
    by_key_.erase(one.get());
    by_id_.erase(one->id.value);
    gone.insert(one.get());
    metrics.insert(one->key.metric);
  }
  for (const std::string_view name : metrics) {
    const auto metric = by_metric_.find(name);
    std::erase_if(metric->second, [&](const SeriesPtr& member) { return gone.contains(member.get()); });
    if (metric->second.empty()) by_metric_.erase(metric);
  }
}

std::size_t TenantSeries::CountActive(std::int64_t now_ms) {
  if (counted_at_ms_ == kNever || now_ms < counted_at_ms_ || now_ms - counted_at_ms_ >= 1000) {
    const std::int64_t since = now_ms - kActiveWindow.count();
    active_ = static_cast<std::size_t>(std::ranges::count_if(by_id_, [&](const auto& entry) {
      return entry.second->active_ms() >= since && !IsInternal(entry.second->key);
    }));
    counted_at_ms_ = now_ms;
  }
  return active_;
}

const TenantSeries* SeriesIndex::Find(TenantId tenant) const {
  const auto at = tenants_.find(tenant);
  return at == tenants_.end() ? nullptr : &at->second;
}

TenantSeries* SeriesIndex::Find(TenantId tenant) {
  const auto at = tenants_.find(tenant);
  return at == tenants_.end() ? nullptr : &at->second;
}

void SeriesIndex::Insert(const std::vector<std::pair<TenantId, SeriesPtr>>& added) {
  const std::unique_lock lock(mutex_);
  for (const auto& [tenant, series] : added) tenants_[tenant].Insert(series);
  size_ += added.size();
}

void SeriesIndex::Erase(TenantId tenant, const std::vector<SeriesPtr>& series) {
  const std::unique_lock lock(mutex_);
  const auto at = tenants_.find(tenant);
  if (at == tenants_.end()) return;
  at->second.Erase(series);
  size_ -= series.size();
  if (at->second.by_id().empty()) tenants_.erase(at);
}

}  // namespace helios::tsdb
