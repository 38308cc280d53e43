// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/uuid.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/journal_file_system.h"
#include "tsdb/internal/segment_format.h"

namespace helios::tsdb {

/// Bytes of a segment that held, or may have held, groups that were acknowledged, and that cannot be read.
struct SegmentDamage {
  std::uint64_t segment = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;     ///< up to the next group that could be read, or of the group itself
  std::uint32_t sequence = 0;  ///< of the first group that is missing
  std::string_view cause;      ///< a literal, for logs

  bool operator==(const SegmentDamage&) const = default;
};

/// How a segment's groups end.
enum class SegmentEnd : std::uint8_t {
  kUnknown,  ///< not reached yet
  kClosed,   ///< by the closing group: none is missing behind the last one
  kOpen,     ///< without one, before bytes that were never a group of this segment: a crash between two groups
  kTorn,     ///< without one, before part of a group that no valid one follows: a crash while it was written. Damage
             ///< to the newest group of a segment that was not closed looks the same
};

/// Reads the groups of one segment in order.
///
/// A group that fails its checksum is a torn tail, where no later group of the segment is valid: it was never
/// acknowledged, and reading ends. Where a later one is valid it is damage: it is noted in damage(), and reading goes
/// on with the later one. What an earlier use of a recycled file left fails on the mark and the number.
///
/// Memory: a window of 1 MiB, or the largest group. One thread at a time.
class SegmentReader {
 public:
  /// `number` is the one of the file's name; `aead` may be null where the segment is not sealed. Both `fs` and `aead`
  /// must outlive the reader.
  /// Errors: kDataCorruption tsdb.corrupt_journal (no header left, or one with another number); kFailedPrecondition
  /// tsdb.foreign_journal (another store's), tsdb.newer_format, tsdb.wrong_key; kUnavailable tsdb.io_failed.
  [[nodiscard]] static Result<SegmentReader> Open(JournalFileSystem& fs, const std::filesystem::path& path,
                                                  std::uint64_t number, const Uuid& store, const Aead* aead);

  /// The next group's payload, in the clear; nothing at the end. It stays valid until the next call.
  /// Blocks that the disk refuses to read are damage, and reading goes on behind them.
  [[nodiscard]] std::optional<std::string_view> Next();

  [[nodiscard]] const SegmentHeader& header() const { return header_; }
  /// All found so far, oldest first; complete when Next() has given nothing.
  [[nodiscard]] const std::vector<SegmentDamage>& damage() const { return damage_; }
  [[nodiscard]] SegmentEnd end() const { return end_; }
  /// Groups read so far.
  [[nodiscard]] std::uint32_t groups() const { return groups_; }
  /// Where the group that Next() gave last begins, and its place in the order of groups.
  [[nodiscard]] std::uint64_t group_offset() const { return group_offset_; }
  [[nodiscard]] std::uint32_t group_sequence() const { return group_sequence_; }

 private:
  SegmentReader(std::unique_ptr<JournalFile> file, std::uint64_t file_bytes, const Aead* aead);

  struct Found {
    std::uint64_t offset;
    GroupHeader header;
    std::string_view stored;  ///< in window_
  };
  /// The group at `offset`, if a valid one of this segment begins there.
  std::optional<Found> GroupAt(std::uint64_t offset);
  /// The first valid group at or behind `offset` that is the expected one or a later one.
  std::optional<Found> FindGroup(std::uint64_t offset);
  /// `length` bytes from `offset`, all within the file; valid until the next call. Unreadable blocks are zeros.
  std::string_view Load(std::uint64_t offset, std::uint64_t length);
  void FillWindow(std::uint64_t offset, std::uint64_t length);
  void NoteDamage(std::uint64_t offset, std::uint64_t bytes, std::string_view cause);

  std::unique_ptr<JournalFile> file_;
  std::uint64_t file_bytes_;
  const Aead* aead_;
  SegmentHeader header_;

  std::vector<char> window_;
  std::uint64_t window_offset_ = 0;
  std::uint64_t window_bytes_ = 0;
  std::uint64_t unreadable_until_ = 0;  ///< blocks before it were noted already
  std::string opened_;                  ///< payload in the clear

  std::uint64_t offset_ = kSegmentBlockBytes;
  std::uint32_t sequence_ = 0;  ///< of the group expected at offset_
  std::uint32_t previous_ = 0;
  std::uint64_t group_offset_ = 0;
  std::uint32_t group_sequence_ = 0;
  std::uint32_t groups_ = 0;
  SegmentEnd end_ = SegmentEnd::kUnknown;
  std::vector<SegmentDamage> damage_;
};

/// Numbers of the segments in `directory`, in order. Errors: kUnavailable tsdb.io_failed.
[[nodiscard]] Result<std::vector<std::uint64_t>> ListSegments(JournalFileSystem& fs,
                                                              const std::filesystem::path& directory);

/// That none is missing between `first_needed` and the last of `numbers`, which are in order. Numbers before
/// `first_needed` do not matter, and neither does an empty rest: a journal may end before it.
/// Errors: kDataCorruption tsdb.missing_segment, with the first number that is missing.
[[nodiscard]] Result<void> CheckSegmentsComplete(const std::vector<std::uint64_t>& numbers, std::uint64_t first_needed);

}  // namespace helios::tsdb
