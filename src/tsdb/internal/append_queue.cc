// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/append_queue.h"

#include <algorithm>
#include <utility>

namespace helios::tsdb {
namespace {

// A larger group would only make its first batch wait longer: the fsync's cost is spread thin by then.
constexpr std::size_t kMostGroupBytes = 8U << 20U;

std::size_t SizeOf(const DecodedRows& batch) {
  std::size_t bytes = sizeof(PendingAppend) + batch.rows.size() * sizeof(SampleBatch::Row);
  for (const SeriesKey& key : batch.series) {
    bytes += sizeof key + key.metric.size();
    for (const Label& label : key.labels) bytes += sizeof label + label.name.size() + label.value.size();
  }
  return bytes;
}

bool IsWellFormed(const DecodedRows& batch) {
  return std::ranges::all_of(batch.rows, [&](const auto& row) { return row.series < batch.series.size(); });
}

}  // namespace

void AppendQueue::Push(PendingAppend append) {
  append.bytes = SizeOf(append.batch);
  if (!IsWellFormed(append.batch)) {
    append.refusal = Error{ErrorCode::kInternal, "tsdb.bad_batch",
                           "cannot store a batch: a row names a series that the batch does not have"};
  }
  {
    const std::unique_lock lock(mutex_);
    if (!append.refusal && !closed_ && bytes_ + append.bytes > max_bytes_) {
      append.refusal =
          Error{ErrorCode::kUnavailable, "tsdb.overloaded",
                fmt::format("cannot store a batch: too much waits for the disk; got {} bytes more than the {} that "
                            "wait; want at most {}; retry later",
                            append.bytes, bytes_, max_bytes_)};
    }
    if (!closed_) {
      if (append.refusal) {
        append.batch = {};
        refused_.push_back(std::move(append));
      } else {
        bytes_ += append.bytes;
        waiting_.push_back(std::move(append));
      }
      filled_.notify_one();
      return;
    }
  }
  append.done(Fail(ErrorCode::kUnavailable, "tsdb.closed", "cannot store a batch: the store is stopping"));
}

std::vector<PendingAppend> AppendQueue::PopGroup(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  filled_.wait_for(lock, patience, [&] { return closed_ || !waiting_.empty() || !refused_.empty(); });
  std::vector<PendingAppend> group = std::exchange(refused_, {});
  std::size_t bytes = 0;
  while (!waiting_.empty() && (bytes == 0 || bytes + waiting_.front().bytes <= kMostGroupBytes)) {
    bytes += waiting_.front().bytes;
    group.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  return group;
}

void AppendQueue::Release(std::size_t bytes) {
  const std::unique_lock lock(mutex_);
  bytes_ -= bytes;
}

void AppendQueue::Close() {
  const std::unique_lock lock(mutex_);
  closed_ = true;
  filled_.notify_one();
}

bool AppendQueue::Drained() const {
  const std::unique_lock lock(mutex_);
  return closed_ && waiting_.empty() && refused_.empty();
}

}  // namespace helios::tsdb
