// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <unordered_map>
#include <vector>

#include "tsdb/internal/store_core.h"

namespace helios::tsdb {

/// A sample older than its series' buffer. Whether its time is taken can be known only by looking at what is stored.
struct LateRow {
  std::size_t index;  ///< in the batch
  SeriesId series;
  std::int64_t time_ms;
  std::uint64_t bits;
  bool too_late;           ///< may only be a repetition: it is over 1 h older than the newest
  std::int64_t newest_ms;  ///< of its series when it came
};

/// A batch with late rows, its other rows already placed.
struct LateBatch {
  Tenant* tenant = nullptr;
  std::vector<LateRow> rows;
  AppendOutcome outcome;  ///< of the other rows
  AppendCallback done;
};

/// Places late samples, on a thread of its own that may read from the disk. Thread-safe.
class LateWriter {
 public:
  explicit LateWriter(StoreCore& core);
  /// Finishes what was taken.
  ~LateWriter();
  LateWriter(const LateWriter&) = delete;
  LateWriter& operator=(const LateWriter&) = delete;

  /// Whether another batch may wait.
  [[nodiscard]] bool HasRoom() const { return waiting_rows_ < kMostWaitingRows; }
  /// What a sender hears otherwise: kUnavailable tsdb.overloaded.
  [[nodiscard]] static Error NoRoom();
  void Add(LateBatch batch);

 private:
  void Run();
  void Place(LateBatch& batch);
  /// The bits stored at the time of each row, if any.
  [[nodiscard]] Result<std::vector<std::optional<std::uint64_t>>> FindStored(const LateBatch& batch) const;

  static constexpr std::size_t kMostWaitingRows = 500'000;

  StoreCore& core_;
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<LateBatch> waiting_;
  std::atomic<std::size_t> waiting_rows_ = 0;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace helios::tsdb
