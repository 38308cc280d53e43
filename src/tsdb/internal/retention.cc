// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/retention.h"

#include <rocksdb/compaction_filter.h>

#include <algorithm>
#include <limits>
#include <mutex>
#include <utility>

#include "tsdb/internal/codec.h"

namespace helios::tsdb {
namespace {

// Two hundred years: what "for ever" becomes, so that no arithmetic on milliseconds overflows.
constexpr std::chrono::hours kLongestRetention{24LL * 365 * 200};

class RetentionFilter final : public rocksdb::CompactionFilter {
 public:
  explicit RetentionFilter(std::unordered_map<TenantId, std::int64_t> cutoffs) : cutoffs_(std::move(cutoffs)) {}

  bool Filter(int /*level*/, const rocksdb::Slice& key, const rocksdb::Slice& /*value*/, std::string* /*new_value*/,
              bool* /*changed*/) const override {
    if (key.size() != kSampleKeyBytes) return false;
    const std::string_view bytes(key.data(), key.size());
    const TenantId tenant = TenantOfKey(bytes);
    // Keys come in order, so one look-up serves a tenant's whole run.
    if (!known_ || tenant != tenant_) {
      const auto at = cutoffs_.find(tenant);
      cutoff_ = at == cutoffs_.end() ? std::numeric_limits<std::int64_t>::min() : at->second;
      tenant_ = tenant;
      known_ = true;
    }
    return TimeOfSampleKey(bytes) < cutoff_;
  }
  const char* Name() const override { return "helios.tsdb.retention"; }

 private:
  std::unordered_map<TenantId, std::int64_t> cutoffs_;
  // One thread runs one filter: RocksDB makes a new one for each file it writes.
  mutable bool known_ = false;
  mutable TenantId tenant_;
  mutable std::int64_t cutoff_ = 0;
};

class RetentionFilterFactory final : public rocksdb::CompactionFilterFactory {
 public:
  RetentionFilterFactory(std::shared_ptr<const RetentionTable> table, const Clock& clock)
      : table_(std::move(table)), clock_(clock) {}

  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context& /*context*/) override {
    return std::make_unique<RetentionFilter>(table_->AllCutoffsMs(clock_.Now()));
  }
  const char* Name() const override { return "helios.tsdb.retention_factory"; }

 private:
  std::shared_ptr<const RetentionTable> table_;
  const Clock& clock_;
};

}  // namespace

std::int64_t OldestKeptMs(std::chrono::hours retention, TimestampMs now) {
  const auto kept = std::clamp(retention, std::chrono::hours{0}, kLongestRetention);
  return ToUnixMs(now - std::chrono::duration_cast<std::chrono::milliseconds>(kept));
}

void RetentionTable::Set(TenantId tenant, std::chrono::hours retention) {
  const std::unique_lock lock(mutex_);
  retention_[tenant] = retention;
}

std::optional<std::chrono::hours> RetentionTable::Find(TenantId tenant) const {
  const std::shared_lock lock(mutex_);
  const auto at = retention_.find(tenant);
  if (at == retention_.end()) return std::nullopt;
  return at->second;
}

std::int64_t RetentionTable::CutoffMs(TenantId tenant, TimestampMs now) const {
  const auto retention = Find(tenant);
  return retention ? OldestKeptMs(*retention, now) : std::numeric_limits<std::int64_t>::min();
}

std::unordered_map<TenantId, std::int64_t> RetentionTable::AllCutoffsMs(TimestampMs now) const {
  const std::shared_lock lock(mutex_);
  std::unordered_map<TenantId, std::int64_t> cutoffs;
  for (const auto& [tenant, retention] : retention_) cutoffs.emplace(tenant, OldestKeptMs(retention, now));
  return cutoffs;
}

std::shared_ptr<rocksdb::CompactionFilterFactory> MakeRetentionFilterFactory(
    std::shared_ptr<const RetentionTable> table, const Clock& clock) {
  return std::make_shared<RetentionFilterFactory>(std::move(table), clock);
}

}  // namespace helios::tsdb
