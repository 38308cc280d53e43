// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/tenants.h"

#include <algorithm>
#include <mutex>

namespace helios::tsdb {

std::int64_t OldestKeptMs(std::chrono::hours retention, TimestampMs now) {
  // Two hundred years: what "for ever" becomes, so that no arithmetic on milliseconds overflows.
  constexpr std::chrono::hours kLongest{24LL * 365 * 200};
  return ToUnixMs(now - std::min(retention, kLongest));
}

std::int64_t Tenant::OldestSampleMs(TimestampMs now) const {
  return OldestKeptMs(std::chrono::hours{raw_hours}, now);
}

std::int64_t Tenant::OldestRollupMs(TimestampMs now) const {
  return OldestKeptMs(std::chrono::hours{std::max(raw_hours.load(), rollup_hours.load())}, now);
}

Tenant* Tenants::Find(TenantId id) const {
  const std::shared_lock lock(mutex_);
  const auto at = by_id_.find(id);
  return at == by_id_.end() ? nullptr : at->second.get();
}

Tenant* Tenants::Find(TenantNumber number) const {
  const std::shared_lock lock(mutex_);
  const auto at = by_number_.find(number);
  return at == by_number_.end() ? nullptr : at->second;
}

Tenant& Tenants::FindOrAdd(TenantId id) {
  if (Tenant* known = Find(id)) return *known;
  const std::unique_lock lock(mutex_);
  auto& tenant = by_id_[id];
  if (!tenant) {
    tenant = std::make_unique<Tenant>(next_++, id, printer_);
    by_number_[tenant->number] = tenant.get();
  }
  return *tenant;
}

Tenant& Tenants::Restore(TenantId id, TenantNumber number) {
  const std::unique_lock lock(mutex_);
  auto& tenant = by_id_[id];
  if (!tenant) {
    tenant = std::make_unique<Tenant>(number, id, printer_);
    by_number_[number] = tenant.get();
    next_ = std::max(next_, number + 1);
  }
  return *tenant;
}

std::vector<Tenant*> Tenants::All() const {
  const std::shared_lock lock(mutex_);
  std::vector<Tenant*> all;
  all.reserve(by_id_.size());
  for (const auto& [id, tenant] : by_id_) all.push_back(tenant.get());
  std::ranges::sort(all, {}, [](const Tenant* tenant) { return tenant->number; });
  return all;
}

}  // namespace helios::tsdb
