// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <unordered_map>

#include "base/time.h"
#include "base/uuid.h"

namespace rocksdb {
class CompactionFilterFactory;
}

namespace helios::tsdb {

/// The oldest time, in unix milliseconds, that `retention` keeps at `now`.
[[nodiscard]] std::int64_t OldestKeptMs(std::chrono::hours retention, TimestampMs now);

/// How long each tenant's samples are kept. Thread-safe.
class RetentionTable {
 public:
  void Set(TenantId tenant, std::chrono::hours retention);
  [[nodiscard]] std::optional<std::chrono::hours> Find(TenantId tenant) const;

  /// Samples before this time, in unix milliseconds, are gone; the lowest value for an unknown tenant.
  [[nodiscard]] std::int64_t CutoffMs(TenantId tenant, TimestampMs now) const;
  [[nodiscard]] std::unordered_map<TenantId, std::int64_t> AllCutoffsMs(TimestampMs now) const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<TenantId, std::chrono::hours> retention_;
};

/// Drops samples beyond their tenant's retention whenever RocksDB rewrites a file. `clock` must outlive it.
[[nodiscard]] std::shared_ptr<rocksdb::CompactionFilterFactory> MakeRetentionFilterFactory(
    std::shared_ptr<const RetentionTable> table, const Clock& clock);

}  // namespace helios::tsdb
