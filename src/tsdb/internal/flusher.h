// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "tsdb/internal/catalogue.h"
#include "tsdb/internal/series_eraser.h"
#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// Moves what the head sealed into the databases, and gives journal segments back.
///
/// A flush of segment N: the journal goes on in segment N + 1; every buffer with samples of N or before is sealed; the
/// pages in memory, the new series, the newest sample of each and the segments' usage are written to sorted files;
/// these become part of the databases, the shared one last and together with the mark "flushed up to N". A crash before
/// that leaves the journal to replay, one after it nothing; one in between (a tenant's own database has its files
/// already) leaves samples in two places, which reads and compaction make one. Chunks of a tenant whose own database
/// does not open go to a file that is held for it (HeldFile).
class Flusher {
 public:
  Flusher(StoreCore& core, SegmentPool& pool, SeriesEraser& eraser, StoreMarks marks);
  ~Flusher();
  Flusher(const Flusher&) = delete;
  Flusher& operator=(const Flusher&) = delete;

  /// Starts the thread that flushes when it is time, and keeps a segment ready.
  void Start();
  /// Ends it.
  void Stop();

  /// Flushes everything appended so far. Errors: WriteError(); kUnavailable tsdb.read_only.
  [[nodiscard]] Result<void> Flush();

  /// No flush runs while it is held: what deletes series holds it.
  [[nodiscard]] std::unique_lock<std::mutex> Pause() { return std::unique_lock(flushing_); }

  /// Usage of segments that were replayed, or read from the database. Before Start().
  void AddUsage(std::uint32_t segment, const UsageCounts& counts);

  /// What was counted and is not in the database yet, by segment, up to this moment. Waits for no flush.
  [[nodiscard]] std::map<std::uint32_t, UsageCounts> UnwrittenUsage() const;

 private:
  struct Work;
  struct OwnPart;
  using OwnParts = std::map<TenantNumber, OwnPart>;
  void Run();
  [[nodiscard]] bool IsTime();
  [[nodiscard]] Result<void> FlushUpTo(std::uint32_t segment);
  void PrepareSegment();
  /// Makes the keys of tenants that are to have one of their own, so that their records are sealed from then on.
  void PrepareKeys();
  /// Seals what segments up to `last` brought.
  void SealAll(std::uint32_t last);
  void Collect(Work& work);
  /// The newest sample of each series.
  void CollectSeries(Work& work);
  /// Leaves out what belongs to series that were deleted.
  void DropDead(Work& work);
  [[nodiscard]] Result<void> WriteAndFinish(Work& work);
  [[nodiscard]] Result<void> WriteChunks(Work& work);
  /// Null for a tenant of the shared database.
  [[nodiscard]] OwnPart* OpenOwnPart(const Tenant& tenant, Work& work, OwnParts& parts);
  [[nodiscard]] Result<void> WriteCatalogue(Work& work, MetaEntries& meta, ChunkIngestion& shared);
  void Finish(Work& work);

  StoreCore& core_;
  SegmentPool& pool_;
  SeriesEraser& eraser_;
  std::mutex flushing_;  ///< one flush at a time; it covers what follows
  StoreMarks marks_;
  std::uint64_t released_ = 0;                  ///< segments up to it were given back
  mutable std::mutex usage_mutex_;              ///< before the store's lock
  std::map<std::uint32_t, UsageCounts> usage_;  ///< taken from the journal, not yet in the database
  std::chrono::steady_clock::time_point next_flush_;

  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace helios::tsdb
