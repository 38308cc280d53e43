// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "ingest/rejection_log.h"

#include <prometheus/counter.h>

namespace helios::ingest {

void RejectionLog::Record(TenantId tenant, RejectionEntry entry) {
  if (entry.count == 0) return;
  metrics_
      .Counter("helios_ingest_rejected_total", "Samples, data points and requests that the intake refused, by reason.",
               {{"reason", std::string(entry.reason)}})
      .Increment(static_cast<double>(entry.count));
  if (entry.detail.size() > kMaxDetailBytes) {
    std::size_t cut = kMaxDetailBytes;
    while (cut > 0 && (static_cast<unsigned char>(entry.detail[cut]) & 0xc0U) == 0x80U) --cut;
    entry.detail.resize(cut);
  }
  const std::scoped_lock lock(mutex_);
  const auto [found, added] = tenants_.try_emplace(tenant);
  Tenant& log = found->second;
  if (added) {
    if (tenants_.size() > kTenants) {
      tenants_.erase(by_age_.back());
      by_age_.pop_back();
    }
    log.age = by_age_.insert(by_age_.begin(), tenant);
  } else {
    by_age_.splice(by_age_.begin(), by_age_, log.age);
  }
  log.totals[entry.reason] += entry.count;
  if (log.entries.size() == kEntries) log.entries.pop_back();
  log.entries.push_front(std::move(entry));
}

RejectionLog::View RejectionLog::Of(TenantId tenant) const {
  const std::scoped_lock lock(mutex_);
  const auto found = tenants_.find(tenant);
  if (found == tenants_.end()) return {};
  return {.entries = {found->second.entries.begin(), found->second.entries.end()},
          .totals = {found->second.totals.begin(), found->second.totals.end()}};
}

}  // namespace helios::ingest
