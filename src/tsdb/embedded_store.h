// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "obs/metrics.h"
#include "tsdb/sample_feed.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

struct EmbeddedStoreConfig {
  std::filesystem::path directory;
  /// Seals the journal and every chunk. Without it the store cannot be read.
  std::array<std::uint8_t, 32> key{};

  std::size_t block_cache_bytes = 32U << 20U;
  std::uint64_t segment_bytes = 128U << 20U;   ///< of a journal file; from 1 MiB
  std::size_t max_pending_bytes = 64U << 20U;  ///< of records that wait for the disk; above: tsdb.overloaded
  std::uint64_t min_free_bytes = 256U << 20U;  ///< of the disk, kept for flushes; below: tsdb.disk_full
  std::size_t sealed_bytes = 24U << 20U;       ///< of sealed samples in memory; above: a flush
  std::chrono::milliseconds flush_interval{7'200'000};
  /// For a copy that goes on apart from its original: the numbers of its segments, which name usage, jump this far, so
  /// that the two never name different counts alike. The copy must have no journal, as BackUp() leaves it; a flush
  /// makes the jump lasting.
  std::uint32_t skip_segments = 0;
  std::chrono::milliseconds sweep_interval{60'000};  ///< between looks for days to compact and series to forget
};

/// Samples of a tenant that a journal segment counted, in one hour of their acceptance. (segment, tenant, kind, hour)
/// is counted once: whoever records a row under that name may be told it again, and must not add it again.
struct UsageRow {
  std::uint64_t segment = 0;
  TenantId tenant;
  UsageKind kind = UsageKind::kSamples;
  TimestampMs hour;  ///< its begin
  std::uint64_t count = 0;
};

/// What a backup holds.
struct BackupSummary {
  std::size_t files = 0;
  std::uint64_t bytes = 0;
  std::size_t series = 0;
};

/// What a store holds.
struct StoreContents {
  std::size_t series = 0;
  std::uint64_t samples = 0;
  std::uint64_t rollups = 0;
  std::uint64_t lost_chunks = 0;  ///< that damage has cost since the store was made, at most; nothing is read of them
};

/// The store of a process that holds its samples itself. Thread-safe.
class EmbeddedStore : public SampleStore {
 public:
  /// Moves everything that is in memory to the databases, now instead of when it is time.
  /// Errors: kUnavailable tsdb.disk_full, tsdb.write_failed, tsdb.flush_failed.
  [[nodiscard]] virtual Result<void> Flush() = 0;

  /// Compacts every day that is over, makes the rollups that are due and forgets what is beyond retention. Chunks in a
  /// damaged table are lost with it, which is logged (tsdb.chunks_lost) and counted (helios_tsdb_lost_chunks); those of
  /// every other table stay.
  /// Errors: kUnavailable tsdb.disk_full, tsdb.write_failed, tsdb.read_failed; kDataCorruption tsdb.bad_checksum.
  [[nodiscard]] virtual Result<void> KeepDays() = 0;

  /// Who this store is, in names of usage.
  [[nodiscard]] virtual Uuid id() const = 0;

  /// Feeds `feed` with every sample that becomes its series' newest from now on, as soon as it is durable; null ends
  /// that. One feed at a time. Costs the append 24 bytes a sample and nothing else: it waits for nobody.
  virtual void Follow(std::shared_ptr<SampleFeed> feed) = 0;

  /// Append() of series of Helios itself (metric "helios:…"), of a tenant that has series already: under the policy
  /// that it has, and up to 2 h ahead of the clock, for a forecast has the time that it is of. They cost nothing, count
  /// against no limit, and are not fed.
  virtual void AppendOwn(TenantId tenant, const SampleBatch& batch, AppendCallback done) = 0;

  /// Who has series here, in no order.
  [[nodiscard]] virtual std::vector<TenantId> Tenants() const = 0;

  /// What the series is called; none where it is gone.
  [[nodiscard]] virtual std::optional<SeriesKey> KeyOf(TenantId tenant, SeriesId series) const = 0;

  /// Adds to what the tenant used, in the hour of this moment. Waits for nothing: the count is durable with the
  /// journal's next commit, which it brings about; a crash before that forgets it. Where the journal takes nothing at
  /// the moment, the count waits in memory for the next call, or the next flush.
  virtual void CountUsage(TenantId tenant, UsageKind kind, std::uint64_t count) = 0;

  /// Usage of segments that were flushed, oldest first, until ForgetUsage(). Counts of the open segment follow after
  /// the next flush. Errors: kDataCorruption tsdb.corrupt; kUnavailable tsdb.read_failed.
  [[nodiscard]] virtual Result<std::vector<UsageRow>> PendingUsage() const = 0;
  /// The tenant's usage until ForgetUsage(), counts of the open segment among them, which may still grow. What is
  /// flushed or recorded meanwhile may be among them too; nothing is twice. Errors: as PendingUsage().
  [[nodiscard]] virtual Result<std::vector<UsageRow>> UsageOf(TenantId tenant) const = 0;
  /// Says that the usage of all segments up to `segment` is recorded durably elsewhere.
  [[nodiscard]] virtual Result<void> ForgetUsage(std::uint64_t segment) = 0;

  /// Reads everything within retention, and so checks the checksum and the seal of every chunk. What is found damaged
  /// is an error until KeepDays(), or the next look of its kind, has brought out of it what can be read.
  /// Errors: kDataCorruption tsdb.bad_checksum; kUnavailable tsdb.read_failed.
  [[nodiscard]] virtual Result<StoreContents> Verify() const = 0;

  /// Copies a consistent state of everything accepted so far to `directory`, which must not exist or be empty, while
  /// the store goes on. The copy is sealed with the store's key as the store is; opened, it is a store.
  /// Errors: kFailedPrecondition tsdb.backup_exists; those of Flush().
  [[nodiscard]] virtual Result<BackupSummary> BackUp(const std::filesystem::path& directory) = 0;
};

/// Opens the store in `config.directory`, creating it where it is absent, and recovers what a crash left.
/// One process at a time holds it. `clock` and `metrics` must outlive the store. Its destructor finishes
/// what was appended and answers every callback.
/// Errors: kUnavailable tsdb.locked (another process), tsdb.cannot_open; kDataCorruption tsdb.corrupt;
/// kFailedPrecondition tsdb.wrong_key.
[[nodiscard]] Result<std::unique_ptr<EmbeddedStore>> OpenEmbeddedStore(const EmbeddedStoreConfig& config,
                                                                       const Clock& clock, obs::Metrics& metrics);

}  // namespace helios::tsdb
