// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "base/random.h"
#include "tsdb/embedded_store.h"
#include "tsdb/internal/chunk_store.h"
#include "tsdb/internal/group_commit.h"
#include "tsdb/internal/head.h"
#include "tsdb/internal/journal_samples.h"
#include "tsdb/internal/name_print.h"
#include "tsdb/internal/name_table.h"
#include "tsdb/internal/store_metrics.h"
#include "tsdb/internal/tenants.h"

namespace helios::tsdb {

/// What the parts of an embedded store share. `mutex` is the store's lock: it covers what the comments say, is held for
/// microseconds, and never while a disk is waited for.
struct StoreCore {
  StoreCore(const EmbeddedStoreConfig& store_config, const Clock& store_clock, obs::Metrics& registry)
      : config(store_config), clock(store_clock), metrics(registry), printer(random), tenants(printer) {}

  const EmbeddedStoreConfig& config;
  const Clock& clock;
  StoreMetrics metrics;
  SystemRandom random;
  Uuid store_id;
  const NamePrinter printer;
  Tenants tenants;
  std::unique_ptr<ChunkStore> chunks;

  std::mutex mutex;
  // Under it:
  Head head;
  NameTable names;
  SamplesEncoder in_order;
  SamplesEncoder late;
  std::atomic<std::uint32_t> flushed_segment = 0;  ///< newest whose samples are in the databases; without the lock
  std::string own_records;                         ///< of a tenant with a key of its own, before they are sealed
  std::uint64_t removals = 0;           ///< counts times at which series went: slots found before may be others now
  std::vector<SeriesId> unsaved;        ///< series that no flush has written to the catalogue yet
  std::unique_ptr<GroupCommit> commit;  ///< its methods say which need the lock

  /// Creates a series and journals it. With the lock held; `name` is canonical.
  std::uint32_t CreateSeries(Tenant& tenant, const SeriesKey& key, std::string_view name, const NamePrint& print);
  /// Forgets series, of any tenant, in memory. With the lock held. Walks all names, about 10 ns each.
  void RemoveSeries(std::span<const SeriesId> series);
  /// Where the tenant's records go: into the open group, or, for a tenant with a key of its own, into `own_records`,
  /// which SealRecords() then puts into the group. With the lock held.
  [[nodiscard]] std::string& RecordsOf(const Tenant& tenant) {
    return tenant.own_key == nullptr ? commit->payload() : own_records;
  }
  void SealRecords(const Tenant& tenant);
  /// Writes the tenant's record where the open group's segment has none of its present policy. With the lock held.
  void JournalTenant(Tenant& tenant);
  /// Whether one more series may come to life under `limit`. With the lock held.
  [[nodiscard]] bool MayCreate(Tenant& tenant, std::size_t limit);
  /// Where usage of this moment is counted.
  [[nodiscard]] UsageKey UsageOf(const Tenant& tenant, std::uint8_t kind) const;
  /// Series of the tenant with a sample, or created, within the last hour; Helios' own not counted. With the lock held.
  [[nodiscard]] std::size_t CountActive(const Tenant& tenant, bool count_created) const;
};

/// Helios' own series, which no plan limits.
[[nodiscard]] inline bool IsInternal(const SeriesKey& key) {
  return key.metric.starts_with("helios:");
}

}  // namespace helios::tsdb
