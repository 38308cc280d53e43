// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/report_outbox.h"

#include <utility>

#include "base/hex.h"
#include "crypto/digest.h"
#include "tsdb/sample_batch.h"

namespace helios::detection {

std::string SeriesDigest(const tsdb::SeriesKey& series) {
  std::string name;
  tsdb::EncodeName(series, name);
  return ToHex(crypto::Sha256(name));
}

bool ReportOutbox::Put(AnomalyReport report) {
  const std::scoped_lock lock(mutex_);
  Key key = KeyOf(report);
  const auto found = pending_.find(key);
  if (found == pending_.end() && pending_.size() >= kMost) return false;
  const std::uint64_t version = ++versions_;
  pending_.insert_or_assign(std::move(key), Pending{std::move(report), version});
  return true;
}

std::vector<ReportOutbox::Pending> ReportOutbox::Of(TenantId tenant, std::size_t most) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Pending> some;
  for (auto at = pending_.lower_bound({tenant, TimestampMs::min(), {}});
       at != pending_.end() && std::get<0>(at->first) == tenant && some.size() < most; ++at) {
    some.push_back(at->second);
  }
  return some;
}

std::vector<TenantId> ReportOutbox::Tenants() const {
  const std::scoped_lock lock(mutex_);
  std::vector<TenantId> tenants;
  for (const auto& [key, pending] : pending_) {
    if (tenants.empty() || tenants.back() != std::get<0>(key)) tenants.push_back(std::get<0>(key));
  }
  return tenants;
}

std::vector<AnomalyReport> ReportOutbox::All() const {
  const std::scoped_lock lock(mutex_);
  std::vector<AnomalyReport> all;
  all.reserve(pending_.size());
  for (const auto& [key, pending] : pending_) all.push_back(pending.report);
  return all;
}

std::size_t ReportOutbox::size() const {
  const std::scoped_lock lock(mutex_);
  return pending_.size();
}

void ReportOutbox::Done(const Pending& pending) {
  const std::scoped_lock lock(mutex_);
  const auto found = pending_.find(KeyOf(pending.report));
  if (found != pending_.end() && found->second.version == pending.version) pending_.erase(found);
}

}  // namespace helios::detection
