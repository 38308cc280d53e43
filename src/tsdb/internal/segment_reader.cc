// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_reader.h"

#include <algorithm>
#include <utility>

#include "base/crc32c.h"
#include "tsdb/internal/journal_bytes.h"

namespace helios::tsdb {
namespace {

constexpr std::uint64_t kWindowBytes = 1U << 20U;
constexpr std::string_view kUnreadable = "the disk cannot read it";

}  // namespace

Result<SegmentReader> SegmentReader::Open(JournalFileSystem& fs, const std::filesystem::path& path,
                                          std::uint64_t number, const Uuid& store, const Aead* aead) {
  HELIOS_TRY(auto file, fs.Open(path, JournalFileSystem::Mode::kRead));
  HELIOS_TRY(const std::uint64_t bytes, file->Size());
  // A file's end that is no whole block holds no group; a header that is none is found by DecodeSegmentHeader().
  SegmentReader reader(std::move(file), bytes / kSegmentBlockBytes * kSegmentBlockBytes, aead);
  const std::string_view block = reader.Load(0, std::min<std::uint64_t>(reader.file_bytes_, kSegmentBlockBytes));
  auto decoded = DecodeSegmentHeader(block);
  if (!decoded) {
    return Fail(decoded.error().code, decoded.error().reason, "{} ({})", decoded.error().message, path.string());
  }
  reader.header_ = decoded->header;
  if (decoded->header.number != number) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt_journal",
                "cannot read journal segment {}: its header is that of segment {}", path.string(),
                decoded->header.number);
  }
  if (decoded->header.store != store) {
    return Fail(ErrorCode::kFailedPrecondition, "tsdb.foreign_journal",
                "cannot read journal segment {}: it belongs to store {}; want {}", path.string(), decoded->header.store,
                store);
  }
  HELIOS_CHECK(CheckSegmentKey(decoded->header, aead));
  reader.previous_ = decoded->header.crc;
  if (reader.file_bytes_ < decoded->header.bytes) {
    reader.NoteDamage(reader.file_bytes_, decoded->header.bytes - reader.file_bytes_, "the file was cut short");
  }
  reader.file_bytes_ = std::min(reader.file_bytes_, decoded->header.bytes / kSegmentBlockBytes * kSegmentBlockBytes);
  if (decoded->one_copy_damaged) {
    reader.NoteDamage(0, kSegmentBlockBytes, "one copy of the header is damaged");
  }
  return reader;
}

SegmentReader::SegmentReader(std::unique_ptr<JournalFile> file, std::uint64_t file_bytes, const Aead* aead)
    : file_(std::move(file)), file_bytes_(file_bytes), aead_(aead) {}

std::optional<std::string_view> SegmentReader::Next() {
  while (end_ == SegmentEnd::kUnknown) {
    const auto found = FindGroup(offset_);
    if (!found) {
      // Only what begins like a group of this segment was one; anything else was there before.
      const std::string_view tail = Load(offset_, std::min<std::uint64_t>(file_bytes_ - offset_, 8));
      const bool torn = tail.size() == 8 && LoadLittle<std::uint64_t>(tail) == header_.mark;
      end_ = torn ? SegmentEnd::kTorn : SegmentEnd::kOpen;
      break;
    }
    if (found->offset != offset_ || found->header.sequence != sequence_) {
      NoteDamage(offset_, found->offset - offset_, "groups are missing before one that is whole");
    } else if (found->header.previous != previous_) {
      NoteDamage(offset_, 0, "a group does not follow the one before it");
    }
    group_offset_ = found->offset;
    group_sequence_ = found->header.sequence;
    offset_ = found->offset + GroupBytes(found->header.length);
    sequence_ = found->header.sequence + 1;
    previous_ = found->header.crc;

    std::string_view payload = found->stored;
    if (header_.sealed) {
      opened_.clear();
      char covered[kGroupHeaderBytes];
      EncodeGroupHeader(found->header, covered);
      if (!aead_->Open({covered, kGroupHeaderCoveredBytes}, payload, opened_)) {
        sequence_ = group_sequence_;
        NoteDamage(group_offset_, offset_ - group_offset_, "a group was altered: its seal is broken");
        sequence_ = group_sequence_ + 1;
        continue;
      }
      payload = opened_;
    }
    if (payload.empty()) {
      end_ = SegmentEnd::kClosed;
      break;
    }
    ++groups_;
    return payload;
  }
  return std::nullopt;
}

std::optional<SegmentReader::Found> SegmentReader::GroupAt(std::uint64_t offset) {
  const std::string_view start = Load(offset, kGroupHeaderBytes);
  const GroupHeader header = DecodeGroupHeader(start);
  if (header.mark != header_.mark || header.segment != header_.number || header.sequence < sequence_) {
    return std::nullopt;
  }
  if (GroupBytes(header.length) > file_bytes_ - offset) return std::nullopt;
  const std::string_view whole = Load(offset, kGroupHeaderBytes + header.length);
  const std::string_view stored = whole.substr(kGroupHeaderBytes);
  if (Crc32c(stored, Crc32c(whole.substr(0, kGroupHeaderCoveredBytes))) != header.crc) return std::nullopt;
  return Found{offset, header, stored};
}

std::optional<SegmentReader::Found> SegmentReader::FindGroup(std::uint64_t offset) {
  for (; offset < file_bytes_; offset += kSegmentBlockBytes) {
    if (const auto found = GroupAt(offset)) return found;
  }
  return std::nullopt;
}

std::string_view SegmentReader::Load(std::uint64_t offset, std::uint64_t length) {
  if (offset < window_offset_ || offset + length > window_offset_ + window_bytes_) {
    FillWindow(offset, length);
  }
  return {window_.data() + (offset - window_offset_), length};
}

void SegmentReader::FillWindow(std::uint64_t offset, std::uint64_t length) {
  const std::uint64_t start = offset / kSegmentBlockBytes * kSegmentBlockBytes;
  const std::uint64_t wanted = std::min(file_bytes_ - start, std::max(kWindowBytes, offset + length - start));
  if (window_.size() < wanted) window_.resize(wanted);
  window_offset_ = start;
  window_bytes_ = wanted;
  if (const auto got = file_->Read(start, {window_.data(), wanted}); got && *got == wanted) return;

  // Block by block, so that a bad one costs its own group alone.
  for (std::uint64_t at = 0; at < wanted; at += kSegmentBlockBytes) {
    const auto got = file_->Read(start + at, {window_.data() + at, kSegmentBlockBytes});
    if (got && *got == kSegmentBlockBytes) continue;
    std::fill_n(window_.begin() + static_cast<std::ptrdiff_t>(at), kSegmentBlockBytes, '\0');
    if (start + at < unreadable_until_) continue;
    unreadable_until_ = start + at + kSegmentBlockBytes;
    NoteDamage(start + at, kSegmentBlockBytes, kUnreadable);
  }
}

void SegmentReader::NoteDamage(std::uint64_t offset, std::uint64_t bytes, std::string_view cause) {
  if (!damage_.empty() && cause == kUnreadable && damage_.back().cause == cause &&
      damage_.back().offset + damage_.back().bytes == offset) {
    damage_.back().bytes += bytes;
    return;
  }
  damage_.push_back({header_.number, offset, bytes, sequence_, cause});
}

Result<std::vector<std::uint64_t>> ListSegments(JournalFileSystem& fs, const std::filesystem::path& directory) {
  HELIOS_TRY(const auto names, fs.List(directory));
  std::vector<std::uint64_t> numbers;
  for (const std::string& name : names) {
    if (const auto number = ParseSegmentFileName(name)) numbers.push_back(*number);
  }
  std::ranges::sort(numbers);
  return numbers;
}

Result<void> CheckSegmentsComplete(const std::vector<std::uint64_t>& numbers, std::uint64_t first_needed) {
  std::uint64_t next = first_needed;
  for (auto at = std::ranges::lower_bound(numbers, first_needed); at != numbers.end(); ++at, ++next) {
    if (*at == next) continue;
    return Fail(ErrorCode::kDataCorruption, "tsdb.missing_segment",
                "cannot replay the journal: segment {} is missing; got segments {} to {}; want all from {}", next, *at,
                numbers.back(), first_needed);
  }
  return {};
}

}  // namespace helios::tsdb
