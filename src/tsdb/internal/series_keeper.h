// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "tsdb/internal/flusher.h"
#include "tsdb/internal/recovery.h"
#include "tsdb/internal/series_eraser.h"
#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// Deletes series: those that someone asks to delete, and those of which nothing is left.
class SeriesKeeper {
 public:
  SeriesKeeper(StoreCore& core, Flusher& flusher, SeriesEraser& eraser)
      : core_(core), flusher_(flusher), eraser_(eraser) {}
  ~SeriesKeeper();
  SeriesKeeper(const SeriesKeeper&) = delete;
  SeriesKeeper& operator=(const SeriesKeeper&) = delete;

  /// Starts the thread that forgets series.
  void Start();

  /// As SampleStore::DeleteSeries().
  [[nodiscard]] Result<std::size_t> Delete(Tenant& tenant, const SeriesSelector& selector);

  /// Deletes from the databases what the journal says was deleted, in case a crash came in between; later, where it
  /// cannot be done now.
  void FinishDeletions(const Replayed& replayed);

 private:
  void Run();
  /// Forgets series whose newest sample is beyond every retention.
  void Sweep();
  /// Deletes `series` of one tenant from the journal's point of view, from memory and from the databases.
  [[nodiscard]] Result<void> Delete(Tenant& tenant, const std::vector<SeriesId>& series);

  StoreCore& core_;
  Flusher& flusher_;
  SeriesEraser& eraser_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace helios::tsdb
