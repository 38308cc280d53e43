// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.h"
#include "tsdb/internal/aead.h"
#include "tsdb/internal/journal_file_system.h"
#include "tsdb/internal/segment_format.h"

namespace helios::tsdb {

/// A segment file that is ready to be written: its header is durable, and none of its groups is valid.
struct Segment {
  SegmentHeader header;
  std::filesystem::path path;
  std::unique_ptr<JournalFile> file;
};

/// Appends groups to one segment. A group is durable when WriteGroup() returns, and never written again.
/// One thread at a time.
class SegmentWriter {
 public:
  /// `aead` must outlive this object; not null exactly where segment.header.sealed is set.
  SegmentWriter(Segment segment, const Aead* aead);

  [[nodiscard]] std::uint64_t number() const { return segment_.header.number; }
  [[nodiscard]] const SegmentHeader& header() const { return segment_.header; }
  [[nodiscard]] const std::filesystem::path& path() const { return segment_.path; }
  /// Bytes written so far, header and padding included.
  [[nodiscard]] std::uint64_t offset() const { return offset_; }
  [[nodiscard]] std::uint32_t groups() const { return sequence_; }

  /// Whether a group of this payload fits, and the closing group behind it.
  [[nodiscard]] bool HasRoom(std::size_t payload_bytes) const;

  /// The largest payload that an empty segment of `segment_bytes` takes; `sealed` by an Aead of this `overhead`.
  [[nodiscard]] static std::size_t MaxPayload(std::uint64_t segment_bytes, std::size_t overhead);

  /// Writes `payload`, which is not empty, as one group: one write, one fdatasync. Returns when it is durable.
  /// Errors: kFailedPrecondition tsdb.segment_full where HasRoom() is false, with nothing written;
  /// kUnavailable tsdb.read_only when a write or a sync failed, now or earlier. The writer is then dead: what the disk
  /// holds is unknown, so nothing is tried again, and the group must not be acknowledged although it may be found
  /// after a restart.
  [[nodiscard]] Result<void> WriteGroup(std::string_view payload);

  /// Writes the closing group, by which a reader knows that no group is missing at the end. Call it once, when the
  /// journal moves to the next segment or shuts down; no group may follow. Leaving it out (a crash) costs only that
  /// knowledge. Errors: tsdb.read_only, as above.
  [[nodiscard]] Result<void> Close();

  /// False after a failure.
  [[nodiscard]] bool alive() const { return alive_; }

 private:
  Result<void> Write(std::string_view payload);
  /// Puts the group into the buffer; the number of its bytes, padding included.
  Result<std::size_t> Fill(std::string_view payload);
  [[nodiscard]] std::uint64_t StoredLength(std::size_t payload_bytes) const { return payload_bytes + overhead_; }

  const Segment segment_;
  const Aead* const aead_;
  const std::size_t overhead_;
  BlockBuffer buffer_;
  std::uint64_t offset_ = kSegmentBlockBytes;
  std::uint32_t sequence_ = 0;
  std::uint32_t previous_;
  bool alive_ = true;
  bool closed_ = false;
};

}  // namespace helios::tsdb
