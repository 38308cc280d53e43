// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// A batch whose names were read.
struct DecodedRows {
  std::vector<SeriesKey> series;
  std::vector<SampleBatch::Row> rows;
  bool any_order = false;
};

/// A batch on its way to the journal. With `refusal`, it is only there to be answered.
struct PendingAppend {
  TenantId tenant;
  TenantPolicy policy;
  DecodedRows batch;
  AppendCallback done;
  std::size_t bytes = 0;
  std::optional<Error> refusal;
};

/// Batches that wait for the journal, bounded in bytes. Thread-safe.
class AppendQueue {
 public:
  explicit AppendQueue(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Takes the batch in, or its refusal where the queue is full or the batch is not well formed.
  void Push(PendingAppend append);

  /// All refusals, and the oldest batches up to a good size for one commit. Waits up to `patience` for either;
  /// empty when nothing came, and, once closed, when nothing is left.
  [[nodiscard]] std::vector<PendingAppend> PopGroup(std::chrono::milliseconds patience);

  /// Says that `bytes` of popped batches are no longer in memory.
  void Release(std::size_t bytes);

  void Close();
  /// Closed, and nothing left.
  [[nodiscard]] bool Drained() const;

 private:
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<PendingAppend> waiting_;
  std::vector<PendingAppend> refused_;
  std::size_t bytes_ = 0;
  bool closed_ = false;
};

}  // namespace helios::tsdb
