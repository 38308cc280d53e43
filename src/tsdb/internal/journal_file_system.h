// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace helios::tsdb {

/// One open file of the journal. One thread at a time.
///
/// Errors of everything here and below: kUnavailable tsdb.disk_full (no space, or over a quota), kUnavailable
/// tsdb.io_failed (anything else that the system says), each with the file's name and the system's words.
class JournalFile {
 public:
  virtual ~JournalFile() = default;

  /// Writes all of `bytes`. For a file opened kWrite or kCreate, `offset`, the length and the bytes' address are
  /// multiples of kBlockBytes, so that it may go past the page cache. After an error any part of it may be on disk.
  [[nodiscard]] virtual Result<void> Write(std::uint64_t offset, std::string_view bytes) = 0;

  /// Returns when what was written is durable (fdatasync). After an error nothing is known about it, and a second
  /// Sync() that succeeds proves nothing: Linux drops the pages that it could not write.
  [[nodiscard]] virtual Result<void> Sync() = 0;

  /// Fills `out` from `offset`; fewer bytes only where the file ends.
  [[nodiscard]] virtual Result<std::size_t> Read(std::uint64_t offset, std::span<char> out) const = 0;

  [[nodiscard]] virtual Result<std::uint64_t> Size() const = 0;

  static constexpr std::size_t kBlockBytes = 4096;
};

/// What the journal asks of a file system, so that tests can let it fail. Thread-safe.
class JournalFileSystem {
 public:
  enum class Mode : std::uint8_t {
    kCreate,  ///< for writing; the file must not exist yet
    kWrite,   ///< for writing what exists
    kRead,
  };
  virtual ~JournalFileSystem() = default;

  [[nodiscard]] virtual Result<std::unique_ptr<JournalFile>> Open(const std::filesystem::path& path, Mode mode) = 0;
  /// Replaces `to` where it exists. Durable after SyncDirectory().
  [[nodiscard]] virtual Result<void> Rename(const std::filesystem::path& from, const std::filesystem::path& to) = 0;
  [[nodiscard]] virtual Result<void> Remove(const std::filesystem::path& path) = 0;
  /// Makes names that were created, changed and removed in `directory` durable.
  [[nodiscard]] virtual Result<void> SyncDirectory(const std::filesystem::path& directory) = 0;
  /// Names in `directory`, in no order.
  [[nodiscard]] virtual Result<std::vector<std::string>> List(const std::filesystem::path& directory) = 0;
  /// Bytes that this process may still write on the disk of `directory`.
  [[nodiscard]] virtual Result<std::uint64_t> FreeBytes(const std::filesystem::path& directory) = 0;
};

/// The machine's. Files for writing bypass the page cache (O_DIRECT) where the file system takes that, and do not where
/// it refuses (tmpfs, some network and overlay file systems); Sync() is fdatasync either way.
class PosixJournalFileSystem final : public JournalFileSystem {
 public:
  [[nodiscard]] Result<std::unique_ptr<JournalFile>> Open(const std::filesystem::path& path, Mode mode) override;
  [[nodiscard]] Result<void> Rename(const std::filesystem::path& from, const std::filesystem::path& to) override;
  [[nodiscard]] Result<void> Remove(const std::filesystem::path& path) override;
  [[nodiscard]] Result<void> SyncDirectory(const std::filesystem::path& directory) override;
  [[nodiscard]] Result<std::vector<std::string>> List(const std::filesystem::path& directory) override;
  [[nodiscard]] Result<std::uint64_t> FreeBytes(const std::filesystem::path& directory) override;
};

/// Memory at an address that JournalFile::Write() takes.
class BlockBuffer {
 public:
  /// All of its bytes are zero.
  explicit BlockBuffer(std::size_t blocks);

  [[nodiscard]] char* data() { return bytes_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Release {
    void operator()(char* bytes) const;
  };
  std::size_t size_;
  std::unique_ptr<char[], Release> bytes_;
};

}  // namespace helios::tsdb
