// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_writer.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/crc32c.h"
#include "tsdb/internal/journal_bytes.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kFirstBufferBlocks = 16;
/// A buffer above this is given back after its group: one large import must not hold memory forever.
constexpr std::size_t kKeptBufferBytes = 4U << 20U;

std::unexpected<Error> ReadOnly(std::uint64_t number, std::string_view cause) {
  return Fail(ErrorCode::kUnavailable, "tsdb.read_only",
              "cannot write to journal segment {}: {}; the store is read-only until restart", number, cause);
}

}  // namespace

SegmentWriter::SegmentWriter(Segment segment, const Aead* aead)
    : segment_(std::move(segment)),
      aead_(aead),
      overhead_(aead == nullptr ? 0 : aead->overhead()),
      buffer_(kFirstBufferBlocks),
      previous_(segment_.header.crc) {}

bool SegmentWriter::HasRoom(std::size_t payload_bytes) const {
  // In this order, no sum can overflow: a length beyond the file is out before it is rounded up.
  const std::uint64_t left = segment_.header.bytes - offset_;
  return payload_bytes <= left && GroupBytes(StoredLength(payload_bytes)) + GroupBytes(StoredLength(0)) <= left;
}

std::size_t SegmentWriter::MaxPayload(std::uint64_t segment_bytes, std::size_t overhead) {
  return segment_bytes - 2 * kSegmentBlockBytes - kGroupHeaderBytes - overhead;
}

Result<void> SegmentWriter::WriteGroup(std::string_view payload) {
  if (alive_ && (closed_ || payload.empty() || !HasRoom(payload.size()))) {
    return Fail(ErrorCode::kFailedPrecondition, "tsdb.segment_full",
                "cannot write {} bytes to journal segment {}: {} of its {} bytes are taken", payload.size(), number(),
                offset_, segment_.header.bytes);
  }
  return Write(payload);
}

Result<void> SegmentWriter::Close() {
  if (closed_) return {};
  HELIOS_CHECK(Write({}));
  closed_ = true;
  return {};
}

Result<void> SegmentWriter::Write(std::string_view payload) {
  if (!alive_) return ReadOnly(number(), "an earlier write failed");
  const auto bytes = Fill(payload);
  Result<void> outcome;
  if (!bytes) {
    outcome = std::unexpected(bytes.error());
  } else if (outcome = segment_.file->Write(offset_, {buffer_.data(), *bytes}); outcome) {
    outcome = segment_.file->Sync();
  }
  if (!outcome) {
    alive_ = false;
    return ReadOnly(number(), outcome.error().message);
  }
  offset_ += *bytes;
  ++sequence_;
  previous_ = DecodeGroupHeader({buffer_.data(), kGroupHeaderBytes}).crc;
  if (buffer_.size() > kKeptBufferBytes) buffer_ = BlockBuffer(kFirstBufferBlocks);
  return {};
}

Result<std::size_t> SegmentWriter::Fill(std::string_view payload) {
  const std::size_t length = StoredLength(payload.size());
  const std::size_t bytes = GroupBytes(length);
  if (bytes > buffer_.size()) {
    buffer_ = BlockBuffer(std::max(bytes, std::min(2 * buffer_.size(), kKeptBufferBytes)) / kSegmentBlockBytes);
  }
  char* const at = buffer_.data();
  const GroupHeader header{.mark = segment_.header.mark,
                           .segment = segment_.header.number,
                           .sequence = sequence_,
                           .length = static_cast<std::uint32_t>(length),
                           .previous = previous_};
  EncodeGroupHeader(header, at);
  char* const body = at + kGroupHeaderBytes;
  if (aead_ != nullptr) {
    HELIOS_CHECK(aead_->SealInto({at, kGroupHeaderCoveredBytes}, payload, {body, length}));
  } else if (!payload.empty()) {
    std::memcpy(body, payload.data(), payload.size());
  }
  StoreLittle(at + kGroupHeaderCoveredBytes, Crc32c({body, length}, Crc32c({at, kGroupHeaderCoveredBytes})));
  std::memset(body + length, 0, bytes - kGroupHeaderBytes - length);
  return bytes;
}

}  // namespace helios::tsdb
