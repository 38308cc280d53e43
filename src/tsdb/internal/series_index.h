// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/uuid.h"
#include "tsdb/series.h"

namespace helios::tsdb {

inline constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::min();

/// Helios' own series, which no plan limits.
[[nodiscard]] inline bool IsInternal(const SeriesKey& key) {
  return key.metric.starts_with("helios:");
}

/// A durable series in memory.
struct Series {
  Series(SeriesId series_id, SeriesKey series_key) : id(series_id), key(std::move(series_key)) {}

  const SeriesId id;
  const SeriesKey key;
  std::atomic<std::int64_t> first_seen_ms = kNever;
  std::atomic<std::int64_t> newest_ms = kNever;  ///< kNever where no sample is left

  std::atomic<std::uint64_t> revision = 0;  ///< appends to it by this process

  // The journal's thread alone:
  std::uint64_t newest_bits = 0;     ///< value of the newest sample
  std::int64_t created_ms = kNever;  ///< by the clock; kNever where an earlier process created it
  std::int32_t staged_slot = -1;     ///< position in the commit group that changes it

  /// What decides whether it counts as active.
  [[nodiscard]] std::int64_t active_ms() const {
    return std::max(newest_ms.load(std::memory_order_relaxed), created_ms);
  }
};

using SeriesPtr = std::shared_ptr<Series>;

/// One tenant's series, by key, id and metric.
class TenantSeries {
 public:
  /// Null where there is none.
  [[nodiscard]] Series* Find(const SeriesKey& key) const;
  [[nodiscard]] SeriesPtr Find(SeriesId id) const;
  [[nodiscard]] const std::unordered_map<std::uint64_t, SeriesPtr>& by_id() const { return by_id_; }
  [[nodiscard]] const std::map<std::string, std::vector<SeriesPtr>, std::less<>>& by_metric() const {
    return by_metric_;
  }

  void Insert(SeriesPtr series);
  void Erase(const std::vector<SeriesPtr>& series);

  /// Upper bound of how many series count against the limit, exact to one second of `now_ms`.
  /// The journal's thread alone; it reports with NoteActive() each series that comes (back) to life.
  [[nodiscard]] std::size_t CountActive(std::int64_t now_ms);
  void NoteActive() { ++active_; }

 private:
  struct KeyHash {
    using is_transparent = void;
    std::size_t operator()(const SeriesKey& key) const noexcept;
    std::size_t operator()(const Series* series) const noexcept { return (*this)(series->key); }
  };
  struct KeyEqual {
    using is_transparent = void;
    static const SeriesKey& KeyOf(const SeriesKey& key) { return key; }
    static const SeriesKey& KeyOf(const Series* series) { return series->key; }
    bool operator()(const auto& a, const auto& b) const noexcept { return KeyOf(a) == KeyOf(b); }
  };

  std::unordered_map<std::uint64_t, SeriesPtr> by_id_;
  std::unordered_set<Series*, KeyHash, KeyEqual> by_key_;
  std::map<std::string, std::vector<SeriesPtr>, std::less<>> by_metric_;
  std::size_t active_ = 0;
  std::int64_t counted_at_ms_ = kNever;
};

/// Every tenant's durable series.
///
/// One thread changes it, the journal's, and may look without a lock; any other thread takes Lock() to look.
class SeriesIndex {
 public:
  [[nodiscard]] std::shared_lock<std::shared_mutex> Lock() const { return std::shared_lock(mutex_); }

  /// Null where the tenant has none. Requires Lock(), or the journal's thread.
  [[nodiscard]] const TenantSeries* Find(TenantId tenant) const;
  [[nodiscard]] const std::unordered_map<TenantId, TenantSeries>& tenants() const { return tenants_; }

  // The journal's thread alone:
  [[nodiscard]] TenantSeries* Find(TenantId tenant);
  void Insert(const std::vector<std::pair<TenantId, SeriesPtr>>& added);
  void Erase(TenantId tenant, const std::vector<SeriesPtr>& series);
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<TenantId, TenantSeries> tenants_;
  std::size_t size_ = 0;
};

}  // namespace helios::tsdb
