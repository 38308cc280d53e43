// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

#include "base/uuid.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/label_index.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// A tenant's number in its store; never given twice.
using TenantNumber = std::uint32_t;

/// The oldest time, in unix milliseconds, that `retention` keeps at `now`.
[[nodiscard]] std::int64_t OldestKeptMs(std::chrono::hours retention, TimestampMs now);

/// One tenant of the store.
struct Tenant {
  Tenant(TenantNumber tenant_number, TenantId tenant_id, const NamePrinter& printer)
      : number(tenant_number), id(tenant_id), index(printer) {}

  const TenantNumber number;
  const TenantId id;
  LabelIndex index;  ///< thread-safe

  /// Of its newest policy.
  std::atomic<std::int64_t> raw_hours = std::chrono::hours::max().count();
  std::atomic<std::int64_t> rollup_hours = std::chrono::hours::max().count();
  std::atomic<Isolation> isolation = Isolation::kShared;
  /// Whether the policy's retention and isolation are those above.
  [[nodiscard]] bool Has(const TenantPolicy& policy) const {
    return raw_hours == policy.raw_retention.count() && rollup_hours == policy.rollup_retention.count() &&
           isolation == policy.isolation;
  }
  void Take(const TenantPolicy& policy) {
    raw_hours = policy.raw_retention.count();
    rollup_hours = policy.rollup_retention.count();
    isolation = policy.isolation;
  }
  /// The oldest time, in unix milliseconds, whose samples, or of which anything, is kept at `now`.
  [[nodiscard]] std::int64_t OldestSampleMs(TimestampMs now) const;
  [[nodiscard]] std::int64_t OldestRollupMs(TimestampMs now) const;

  // The rest under the store's lock:
  const Aead* own_key = nullptr;   ///< that seals its records in the journal; null where there is none (yet)
  std::uint32_t journaled_in = 0;  ///< segment that has a record of the tenant with this policy
  std::size_t series = 0;          ///< Helios' own not counted, as below
  std::size_t active = 0;          ///< at least as many as count against the limit, exact to a second of counted_at_ms
  std::int64_t counted_at_ms = std::numeric_limits<std::int64_t>::min();
};

/// Every tenant, by id and number. Tenants stay. Thread-safe.
class Tenants {
 public:
  /// `printer` must outlive it.
  explicit Tenants(const NamePrinter& printer) : printer_(printer) {}

  /// Null where there is none.
  [[nodiscard]] Tenant* Find(TenantId id) const;
  [[nodiscard]] Tenant* Find(TenantNumber number) const;
  [[nodiscard]] Tenant& FindOrAdd(TenantId id);
  /// Takes a tenant with the number it had before a restart.
  Tenant& Restore(TenantId id, TenantNumber number);
  [[nodiscard]] std::vector<Tenant*> All() const;

 private:
  const NamePrinter& printer_;
  mutable std::shared_mutex mutex_;
  std::unordered_map<TenantId, std::unique_ptr<Tenant>> by_id_;
  std::unordered_map<TenantNumber, Tenant*> by_number_;
  TenantNumber next_ = 1;
};

}  // namespace helios::tsdb
