// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "agent/batch.h"
#include "agent/disk_buffer.h"

namespace helios::agent {

/// The batches that wait to be delivered, oldest first.
///
/// As long as each batch is delivered before the next one comes, none touches the disk. Once one is not,
/// it and all later ones go to the disk until everything is delivered. Where the disk refuses, the newest
/// kMaxInMemory batches are kept in memory, and written as soon as it takes them again.
///
/// Thread-safe, for one consumer: Front(), then Pop() once it is delivered.
class Outbox {
 public:
  static constexpr std::size_t kMaxInMemory = 60;

  struct Status {
    std::uint64_t waiting_batches = 0;
    std::uint64_t dropped_samples = 0;  ///< for want of room, since start
    std::uint64_t damaged_records = 0;  ///< read from the disk, since start
    std::optional<Error> disk_error;    ///< why batches are in memory that should be on disk
  };

  explicit Outbox(std::unique_ptr<DiskBuffer> disk) : disk_(std::move(disk)) {}

  void Add(Batch batch);

  /// A copy of the oldest batch; it stays until Pop().
  [[nodiscard]] std::optional<Batch> Front();

  /// Removes the batch that Front() gave last, unless it was dropped meanwhile.
  void Pop();

  /// Writes what is in memory to the disk: delivery failed, or the process is about to end.
  void Save();

  [[nodiscard]] Status status() const;

 private:
  enum class Taken : std::uint8_t { kNothing, kMemory, kDisk };

  void SaveLocked();
  [[nodiscard]] std::optional<Batch> FrontOfDisk();

  mutable std::mutex mutex_;
  std::unique_ptr<DiskBuffer> disk_;
  std::deque<Batch> memory_;  ///< all newer than what is on disk
  Taken taken_ = Taken::kNothing;
  std::uint64_t taken_number_ = 0;  ///< on disk
  std::uint64_t dropped_in_memory_ = 0;
  std::uint64_t undecodable_ = 0;
  std::optional<Error> disk_error_;
};

}  // namespace helios::agent
