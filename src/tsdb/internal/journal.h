// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <thread>
#include <vector>

#include "tsdb/internal/append_queue.h"
#include "tsdb/internal/commit_group.h"
#include "tsdb/internal/sample_db.h"
#include "tsdb/internal/series_index.h"
#include "tsdb/internal/store_metrics.h"

namespace helios::tsdb {

/// The one thread that writes: it takes the batches that wait, makes them durable with one fdatasync, answers
/// them, and in between sweeps series without samples out of the index.
///
/// It commits as soon as it is free: what arrives during one commit forms the next group, and nothing waits
/// for company.
class Journal {
 public:
  struct Parts {
    const EmbeddedStoreConfig& config;
    rocksdb::Env& env;
    const Clock& clock;
    const SampleDb& db;
    SeriesIndex& index;
    RetentionTable& retention;
    StoreMetrics& metrics;
  };
  explicit Journal(const Parts& parts);

  /// Commits what waits and answers every callback.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  void Append(PendingAppend append) { queue_.Push(std::move(append)); }
  [[nodiscard]] bool Writable() const { return !read_only_ && !disk_full_; }

 private:
  void Run();
  void Commit(std::vector<PendingAppend>& group);
  /// Stages every batch of `group` whose outcome is not an error yet; false once one of them becomes one.
  [[nodiscard]] static bool StageAll(CommitGroup& staged, const std::vector<PendingAppend>& group,
                                     std::vector<Result<AppendOutcome>>& outcomes);
  /// The reason why nothing can be written at present; also ends a disk_full that has passed.
  std::optional<Error> CheckWritable();
  Error NoteFailedWrite(const rocksdb::Status& status);
  void NoteDiskFull(std::uint64_t free_bytes);
  void SweepSeries();

  const Parts parts_;
  AppendQueue queue_;
  std::uint64_t first_free_id_;
  std::atomic<bool> read_only_ = false;
  std::atomic<bool> disk_full_ = false;
  bool needs_resume_ = false;  ///< RocksDB refuses writes since it met the full disk
  std::thread thread_;         // last: it uses all of the above
};

}  // namespace helios::tsdb
