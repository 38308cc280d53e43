// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// Looks after whole days: compacts those that are over, makes rollups of samples whose retention ends, deletes what is
/// beyond every retention, and brings out of damaged tables what can be read.
class DayKeeper {
 public:
  explicit DayKeeper(StoreCore& core) : core_(core) {}
  ~DayKeeper();
  DayKeeper(const DayKeeper&) = delete;
  DayKeeper& operator=(const DayKeeper&) = delete;

  void Start();
  void Stop();

  /// Does all that is due. With `even_fresh`, days that were written to lately are compacted too.
  /// Damaged tables are no error: what they cost is logged and counted.
  /// Errors: ReadError(), WriteError(), tsdb.bad_checksum, the first there was; what could be done is done.
  [[nodiscard]] Result<void> KeepAll(bool even_fresh);

 private:
  struct DayWork;
  using Visit = std::function<Result<void>(SeriesId, const SampleBuffer&)>;

  void Run();
  [[nodiscard]] Result<void> KeepTenants(bool even_fresh);
  [[nodiscard]] Result<void> KeepTenant(Tenant& tenant, bool even_fresh);
  /// Copies what can be read of a day that was set aside to where new chunks go. Nothing where it was not.
  [[nodiscard]] Result<void> Rescue(const Tenant& tenant, ChunkDb& db, ChunkKind kind, const ChunkMap::Day& day) const;
  /// Every living series with samples on the day, rising by id, its samples in order.
  [[nodiscard]] Result<void> ForEachSeries(Tenant& tenant, const DayWork& work, const Visit& visit) const;
  /// Writes one chunk a series in place of those of flushes.
  [[nodiscard]] Result<void> Compact(Tenant& tenant, const DayWork& work);
  /// Writes the day's rollups, and deletes its samples.
  [[nodiscard]] Result<void> RollUp(Tenant& tenant, const DayWork& work);
  [[nodiscard]] Result<void> DeleteDay(Tenant& tenant, ChunkDb& db, ChunkKind kind, std::int32_t day);
  [[nodiscard]] bool Lives(SeriesId series) const;

  StoreCore& core_;
  std::mutex keeping_;  ///< one at a time
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace helios::tsdb
