// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios::agent {

/// A queue of records in a directory, bounded in bytes, that survives restarts and torn writes.
///
/// Files: `lock`, held while the buffer is open; segments `<number>.segment`, appended to and never
/// rewritten, deleted once read; `position`, where reading goes on. A segment is records back to back:
///
///   4 bytes "HAB1" | 4 length | 4 weight | 4 crc32 of length, weight and payload | payload
///
/// numbers little-endian. The weight is how many samples the payload holds, so that what is dropped can
/// be counted without decoding it. Not thread-safe. A record is on disk (fdatasync) when Append returns.
class DiskBuffer {
 public:
  struct Record {
    std::uint64_t number;  ///< rises by one from record to record, within this process
    std::string payload;
  };

  /// What happened since Open().
  struct Losses {
    std::uint64_t dropped_weight = 0;   ///< of oldest records, to keep within the bound
    std::uint64_t damaged_records = 0;  ///< failed their checksum, or were cut off
  };

  static constexpr std::uint64_t kSmallestBound = 1U << 20U;
  static constexpr std::size_t kMaxPayloadBytes = 4U << 20U;

  /// Opens `directory`, made where it is missing (mode 0700), and finds what is left there.
  /// `max_bytes` bounds the segments' sizes together and is at least kSmallestBound.
  /// Errors: kUnavailable agent.buffer_unusable; kConflict agent.buffer_in_use while another process
  /// holds the directory.
  [[nodiscard]] static Result<std::unique_ptr<DiskBuffer>> Open(const std::filesystem::path& directory,
                                                                std::uint64_t max_bytes);

  ~DiskBuffer();
  DiskBuffer(const DiskBuffer&) = delete;
  DiskBuffer& operator=(const DiskBuffer&) = delete;

  /// Adds a record at the end and answers with its number. Makes room by dropping the oldest segments.
  /// On an error nothing was added. Errors: kUnavailable agent.buffer_write_failed; kTooLarge
  /// agent.record_too_large.
  [[nodiscard]] Result<std::uint64_t> Append(std::string_view payload, std::uint32_t weight);

  /// The oldest record, or nothing. Damaged ones are skipped and counted.
  [[nodiscard]] std::optional<Record> Front();

  /// Removes the oldest record if it is still that of `number`.
  void Pop(std::uint64_t number);

  [[nodiscard]] bool empty() const { return records_ == 0; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const Losses& losses() const { return losses_; }

 private:
  struct Segment {
    std::uint64_t id = 0;
    std::uint64_t bytes = 0;    ///< up to the end of its last whole record
    std::uint64_t records = 0;  ///< not read yet
    std::uint64_t weight = 0;   ///< of those
  };
  struct Header {
    std::uint32_t length;
    std::uint32_t weight;
    std::uint32_t checksum;
  };

  DiskBuffer(std::filesystem::path directory, std::uint64_t max_bytes, int lock);

  [[nodiscard]] std::filesystem::path PathOf(std::uint64_t id) const;
  void FindSegments();
  /// Walks a segment's headers from `offset` on.
  void Scan(Segment& segment, std::uint64_t offset, bool last);
  [[nodiscard]] static std::optional<Header> ReadHeader(int file, std::uint64_t offset, std::uint64_t end);
  /// Steps over the record at the reading position.
  void Advance(const Header& header);
  /// Deletes the oldest segment, with what is unread in it.
  void DropFirstSegment();
  void SavePosition();
  void CloseWriter();

  const std::filesystem::path directory_;
  const std::uint64_t max_bytes_;
  const std::uint64_t segment_bytes_;
  const int lock_;
  int writer_ = -1;  ///< the last segment, while it is written to
  int position_ = -1;
  std::deque<Segment> segments_;   ///< oldest first
  std::uint64_t read_offset_ = 0;  ///< in the first of them
  std::uint64_t next_id_ = 1;
  std::uint64_t next_number_ = 0;  ///< of the oldest record
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  Losses losses_;
};

}  // namespace helios::agent
