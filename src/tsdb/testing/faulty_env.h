// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <memory>
#include <optional>

namespace helios::tsdb {

/// What a test makes the disk do, at any time and from any thread.
struct DiskFaults {
  std::atomic<bool> fail_log_sync = false;     ///< fdatasync of the write-ahead log returns EIO
  std::atomic<bool> log_has_no_space = false;  ///< appending to the write-ahead log returns ENOSPC
  std::atomic<std::int64_t> free_bytes = -1;   ///< what the file system claims to have left; -1: the truth
};

/// The machine's file system with `faults`, which must outlive it.
[[nodiscard]] std::unique_ptr<rocksdb::Env> MakeFaultyEnv(DiskFaults& faults);

}  // namespace helios::tsdb
