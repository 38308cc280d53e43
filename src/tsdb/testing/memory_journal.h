// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tsdb/internal/journal_file_system.h"

namespace helios::tsdb {

/// A disk in memory that fails when it is told to. Thread-safe but for `faults` and `bytes()`.
class MemoryJournalFileSystem final : public JournalFileSystem {
 public:
  struct Faults {
    std::optional<int> good_writes;      ///< so many succeed, then all fail (EIO)
    std::size_t failed_write_keeps = 0;  ///< bytes of the failing write that reach the disk all the same
    std::optional<int> good_syncs;
    std::optional<int> good_directory_syncs;
    std::optional<int> good_renames;
    std::uint64_t capacity = ~0ULL;             ///< of the disk; growing a file beyond it: disk_full
    std::optional<std::uint64_t> claimed_free;  ///< what FreeBytes() says, instead of the truth
    std::set<std::uint64_t> unreadable;         ///< offsets, in any file, of blocks that cannot be read
  };
  Faults faults;
  /// Sets `faults.good_syncs` while others use the disk.
  void AllowSyncs(std::optional<int> count) {
    const std::lock_guard lock(mutex_);
    faults.good_syncs = count;
  }

  /// Sets `faults.good_renames` to none or all of them while others use the disk.
  void FailRenames(bool fail) {
    const std::lock_guard lock(mutex_);
    faults.good_renames = fail ? std::optional(0) : std::nullopt;
  }
  /// While they are held, no file gets a segment's name: who makes one waits, and nobody else.
  void HoldSegments(bool hold);

  /// The file's bytes, to be looked at and damaged; created where it is absent.
  std::string& bytes(const std::filesystem::path& path);
  [[nodiscard]] bool Exists(const std::filesystem::path& path) const;
  [[nodiscard]] int writes() const { return writes_; }
  [[nodiscard]] int syncs() const { return syncs_; }
  [[nodiscard]] std::uint64_t UsedBytes() const;

  Result<std::unique_ptr<JournalFile>> Open(const std::filesystem::path& path, Mode mode) override;
  Result<void> Rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  Result<void> Remove(const std::filesystem::path& path) override;
  Result<void> SyncDirectory(const std::filesystem::path& directory) override;
  Result<std::vector<std::string>> List(const std::filesystem::path& directory) override;
  Result<std::uint64_t> FreeBytes(const std::filesystem::path& directory) override;

 private:
  class File;
  mutable std::recursive_mutex mutex_;
  std::condition_variable_any released_;
  bool held_ = false;
  std::map<std::filesystem::path, std::shared_ptr<std::string>> files_;
  int writes_ = 0;
  int syncs_ = 0;
};

}  // namespace helios::tsdb
