// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/uuid.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/journal_file_system.h"
#include "tsdb/internal/segment_format.h"
#include "tsdb/internal/segment_writer.h"

namespace helios::tsdb {

struct SegmentPoolConfig {
  std::filesystem::path directory;             ///< exists, and holds nothing but the journal
  Uuid store{};                                ///< whose journal it is
  std::uint64_t segment_bytes = 128U << 20U;   ///< a multiple of 4 KiB, 16 KiB to 1 GiB
  std::uint64_t min_free_bytes = 256U << 20U;  ///< of the disk, kept for flushes and compaction
  std::size_t max_spares = 2;                  ///< released files kept to be used again
  std::uint64_t first_number = 1;              ///< of the next segment, at least; see Open()
};

/// Makes the files that groups are written to, before they are needed.
///
/// A segment's file has its full size and zeros in all of it, synced, so that a group's fdatasync has nothing to
/// write but the group, and cannot meet a full disk. Making one writes the whole file, so Prepare() belongs in a
/// background thread. A released file becomes a spare: it keeps its stale groups, which fail on mark and number.
///
/// Names: `journal-<number>.seg` has a durable header of that number; `spare-<n>.seg` is a whole file of zeros or stale
/// groups; `making.tmp` is neither yet, and removed by Open(). A file gets its journal name only after its header is
/// durable, and both before Next() gives it out.
///
/// Thread-safe.
class SegmentPool {
 public:
  /// Removes what a crash left half made. The next segment's number is the larger of config.first_number and one above
  /// the largest in the directory; the caller passes what it knows from elsewhere (one above the last segment whose
  /// samples were flushed), for a number must never be given twice. `fs`, `random` and `aead` must outlive the pool;
  /// `aead` null means plain segments.
  /// Errors: kInvalidArgument tsdb.bad_config; kUnavailable tsdb.io_failed.
  [[nodiscard]] static Result<std::unique_ptr<SegmentPool>> Open(JournalFileSystem& fs, SegmentPoolConfig config,
                                                                 Random& random, const Aead* aead);

  /// Sees to it that a segment is ready for Next(): takes a spare, or writes a new file (for 128 MiB some tenths of a
  /// second). Nothing to do where one is ready.
  /// Errors: kUnavailable tsdb.disk_full where a new file would leave less than min_free_bytes, or where the disk is
  /// full all the same: nothing is left behind, and a later call may succeed; kUnavailable tsdb.io_failed;
  /// kInternal tsdb.seal_failed.
  [[nodiscard]] Result<void> Prepare();

  /// The segment that is ready, at no cost; where none is, Prepare() first.
  /// Errors: those of Prepare(); nothing may then be accepted that would need the segment.
  [[nodiscard]] Result<Segment> Next();

  /// Whether Next() has a segment at hand.
  [[nodiscard]] bool HasPrepared() const;

  /// Takes a segment back that nobody reads or writes any more, and whose records are all kept elsewhere. It becomes a
  /// spare, or is removed where there are enough or its size is another. Durable on return, so that no file of that
  /// number comes back after a crash once its blocks have been used again.
  /// Errors: kUnavailable tsdb.io_failed; the file is then not used again before a restart.
  [[nodiscard]] Result<void> Release(std::uint64_t number);

  /// Spare files, for metrics.
  [[nodiscard]] std::size_t spares() const;

 private:
  SegmentPool(JournalFileSystem& fs, SegmentPoolConfig config, Random& random, const Aead* aead);

  Result<void> Recover();
  Result<Segment> Make();
  Result<Segment> MakeFrom(const std::filesystem::path& spare);
  /// A spare's path, made or found.
  Result<std::filesystem::path> TakeSpare();
  Result<std::filesystem::path> MakeFile();
  Result<void> WriteZeros(const std::filesystem::path& path);
  [[nodiscard]] std::filesystem::path SparePath(std::uint64_t serial) const;

  JournalFileSystem& fs_;
  const SegmentPoolConfig config_;
  Random& random_;
  const Aead* const aead_;

  std::mutex making_;  ///< held while a file is made; before mutex_
  mutable std::mutex mutex_;
  std::uint64_t next_number_ = 1;
  std::uint64_t next_spare_ = 1;
  std::vector<std::filesystem::path> spares_;
  std::optional<Segment> prepared_;
};

}  // namespace helios::tsdb
