// SPDX-License-Identifier: Apache-2.0
#include "agent/disk_buffer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <vector>

#include "agent/little_endian.h"
#include "base/file.h"

namespace helios::agent {
namespace {

constexpr std::string_view kMagic = "HAB1";
constexpr std::size_t kHeaderBytes = 16;
constexpr std::size_t kPositionBytes = 20;
constexpr std::string_view kSuffix = ".segment";
constexpr std::uint32_t kMaxWeight = 1'000'000;  // more than any record holds: a damaged header must not upset counts

std::uint32_t Checksum(std::string_view head, std::string_view payload) {
  uLong crc = 0;
  for (const std::string_view part : {head, payload}) {
    if (part.empty()) continue;  // zlib takes a null pointer for a wish to start anew
    crc = ::crc32_z(crc, reinterpret_cast<const Bytef*>(part.data()), part.size());
  }
  return static_cast<std::uint32_t>(crc);
}

bool ReadAt(int file, std::uint64_t offset, char* out, std::size_t size) {
  while (size > 0) {
    const ssize_t got = ::pread(file, out, size, static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    out += got;
    offset += static_cast<std::uint64_t>(got);
    size -= static_cast<std::size_t>(got);
  }
  return true;
}

bool WriteAt(int file, std::uint64_t offset, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return false;
    offset += static_cast<std::uint64_t>(put);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

std::string PositionBytes(std::uint64_t segment, std::uint64_t offset) {
  std::string bytes;
  AppendLittleEndian(bytes, segment);
  AppendLittleEndian(bytes, offset);
  AppendLittleEndian(bytes, Checksum(bytes, {}));
  return bytes;
}

/// Syncs a directory, so that a file made in it is found after a power failure.
void SyncDirectory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  ::fsync(fd);
  ::close(fd);
}

}  // namespace

Result<std::unique_ptr<DiskBuffer>> DiskBuffer::Open(const std::filesystem::path& directory, std::uint64_t max_bytes) {
  const auto unusable = [&directory](std::string_view cause) {
    return Fail(ErrorCode::kUnavailable, "agent.buffer_unusable", "cannot use {} as buffer directory: {}",
                directory.string(), cause);
  };
  std::error_code error;
  std::filesystem::create_directories(directory.parent_path(), error);
  if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) return unusable(ErrnoMessage(errno));
  const int lock = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return unusable(ErrnoMessage(errno));
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int cause = errno;
    ::close(lock);
    if (cause != EWOULDBLOCK) return unusable(ErrnoMessage(cause));
    return Fail(ErrorCode::kConflict, "agent.buffer_in_use",
                "cannot use {} as buffer directory: another agent uses it; stop that one, or give this one another "
                "--buffer-dir",
                directory.string());
  }
  std::unique_ptr<DiskBuffer> buffer(new DiskBuffer(directory, std::max(max_bytes, kSmallestBound), lock));
  buffer->position_ = ::open((directory / "position").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (buffer->position_ < 0) return unusable(ErrnoMessage(errno));
  buffer->FindSegments();
  return buffer;
}

DiskBuffer::DiskBuffer(std::filesystem::path directory, std::uint64_t max_bytes, int lock)
    : directory_(std::move(directory)),
      max_bytes_(max_bytes),
      segment_bytes_(std::min<std::uint64_t>(max_bytes / 8, 1U << 20U)),
      lock_(lock) {}

DiskBuffer::~DiskBuffer() {
  CloseWriter();
  if (position_ >= 0) ::close(position_);
  ::close(lock_);
}

std::filesystem::path DiskBuffer::PathOf(std::uint64_t id) const {
  return directory_ / fmt::format("{:012}{}", id, kSuffix);
}

void DiskBuffer::FindSegments() {
  std::vector<std::uint64_t> ids;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory_, error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.ends_with(kSuffix)) continue;
    std::uint64_t id = 0;
    const char* stop = name.data() + name.size() - kSuffix.size();
    const auto [parsed, wrong] = std::from_chars(name.data(), stop, id);
    if (wrong == std::errc{} && parsed == stop) ids.push_back(id);
  }
  std::ranges::sort(ids);

  std::uint64_t read_segment = 0;
  std::uint64_t read_offset = 0;
  std::array<char, kPositionBytes> position{};
  if (ReadAt(position_, 0, position.data(), position.size())) {
    const std::string_view bytes(position.data(), position.size());
    const auto segment = LittleEndian<std::uint64_t>(bytes);
    const auto offset = LittleEndian<std::uint64_t>(bytes.substr(8));
    if (bytes == PositionBytes(segment, offset)) {
      read_segment = segment;
      read_offset = offset;
    }
  }
  for (const std::uint64_t id : ids) {
    next_id_ = id + 1;
    if (id < read_segment) {  // read to its end; the process died before it was deleted
      std::filesystem::remove(PathOf(id), error);
      continue;
    }
    Segment segment{.id = id};
    const std::uint64_t offset = id == read_segment ? read_offset : 0;
    Scan(segment, offset, id == ids.back());
    if (segment.records == 0) {
      std::filesystem::remove(PathOf(id), error);
      continue;
    }
    if (segments_.empty()) read_offset_ = offset;
    records_ += segment.records;
    bytes_ += segment.bytes;
    segments_.push_back(segment);
  }
  next_id_ = std::max(next_id_, read_segment + 1);
  while (bytes_ > max_bytes_) DropFirstSegment();  // the bound was lowered
}

void DiskBuffer::Scan(Segment& segment, std::uint64_t offset, bool last) {
  const int file = ::open(PathOf(segment.id).c_str(), O_RDWR | O_CLOEXEC);
  if (file < 0) {
    ++losses_.damaged_records;
    return;
  }
  struct stat status{};
  const std::uint64_t size = ::fstat(file, &status) == 0 ? static_cast<std::uint64_t>(status.st_size) : 0;
  segment.bytes = std::min(offset, size);
  while (const auto header = ReadHeader(file, segment.bytes, size)) {
    segment.bytes += kHeaderBytes + header->length;
    segment.weight += std::min(header->weight, kMaxWeight);
    ++segment.records;
  }
  if (segment.bytes < size) {
    ++losses_.damaged_records;
    // What follows the last whole record of the last segment is the write that a crash cut short.
    if (last && ::ftruncate(file, static_cast<off_t>(segment.bytes)) != 0) segment.bytes = size;
  }
  ::close(file);
}

std::optional<DiskBuffer::Header> DiskBuffer::ReadHeader(int file, std::uint64_t offset, std::uint64_t end) {
  std::array<char, kHeaderBytes> bytes{};
  if (offset + kHeaderBytes > end || !ReadAt(file, offset, bytes.data(), bytes.size())) return std::nullopt;
  const std::string_view head(bytes.data(), bytes.size());
  const Header header{.length = LittleEndian<std::uint32_t>(head.substr(4)),
                      .weight = LittleEndian<std::uint32_t>(head.substr(8)),
                      .checksum = LittleEndian<std::uint32_t>(head.substr(12))};
  if (!head.starts_with(kMagic) || header.length > kMaxPayloadBytes || offset + kHeaderBytes + header.length > end) {
    return std::nullopt;
  }
  return header;
}

Result<std::uint64_t> DiskBuffer::Append(std::string_view payload, std::uint32_t weight) {
  if (payload.size() > kMaxPayloadBytes) {
    return Fail(ErrorCode::kTooLarge, "agent.record_too_large", "cannot buffer a record: got {} bytes; want at most {}",
                payload.size(), kMaxPayloadBytes);
  }
  const std::uint64_t size = kHeaderBytes + payload.size();
  while (!segments_.empty() && bytes_ + size > max_bytes_) DropFirstSegment();

  if (writer_ >= 0 && segments_.back().bytes + size > segment_bytes_) CloseWriter();
  const bool made = writer_ < 0;
  if (made) {
    writer_ = ::open(PathOf(next_id_).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (writer_ >= 0) {
      SyncDirectory(directory_);
      segments_.push_back({.id = next_id_++});
      if (segments_.size() == 1) read_offset_ = 0;
    }
  }
  std::string record(kMagic);
  AppendLittleEndian(record, static_cast<std::uint32_t>(payload.size()));
  AppendLittleEndian(record, weight);
  AppendLittleEndian(record, Checksum(std::string_view(record).substr(4), payload));
  record += payload;
  if (writer_ < 0 || !WriteAt(writer_, segments_.back().bytes, record) || ::fdatasync(writer_) != 0) {
    const int cause = errno;
    if (writer_ >= 0) {
      // After a failed write or sync nothing is known of this file's tail: it ends before it.
      const Segment& last = segments_.back();
      std::error_code error;
      if (::ftruncate(writer_, static_cast<off_t>(last.bytes)) != 0) ++losses_.damaged_records;
      CloseWriter();
      if (last.bytes == 0) {
        std::filesystem::remove(PathOf(last.id), error);
        segments_.pop_back();
      }
    }
    return Fail(ErrorCode::kUnavailable, "agent.buffer_write_failed", "cannot write to the buffer in {}: {}",
                directory_.string(), ErrnoMessage(cause));
  }
  Segment& last = segments_.back();
  last.bytes += size;
  last.weight += weight;
  ++last.records;
  bytes_ += size;
  return next_number_ + records_++;
}

std::optional<DiskBuffer::Record> DiskBuffer::Front() {
  while (records_ > 0) {
    const Segment& first = segments_.front();
    const int file = ::open(PathOf(first.id).c_str(), O_RDONLY | O_CLOEXEC);
    const auto header = file < 0 ? std::nullopt : ReadHeader(file, read_offset_, first.bytes);
    if (!header) {  // the segment was deleted or changed under us: the rest of it cannot be found
      if (file >= 0) ::close(file);
      losses_.damaged_records += first.records;
      DropFirstSegment();
      continue;
    }
    std::string payload(header->length, '\0');
    const bool whole = ReadAt(file, read_offset_ + kHeaderBytes, payload.data(), payload.size());
    ::close(file);
    std::string head;
    AppendLittleEndian(head, header->length);
    AppendLittleEndian(head, header->weight);
    if (whole && Checksum(head, payload) == header->checksum) {
      return Record{.number = next_number_, .payload = std::move(payload)};
    }
    ++losses_.damaged_records;
    Advance(*header);
  }
  return std::nullopt;
}

void DiskBuffer::Pop(std::uint64_t number) {
  if (records_ == 0 || number != next_number_) return;
  const Segment& first = segments_.front();
  const int file = ::open(PathOf(first.id).c_str(), O_RDONLY | O_CLOEXEC);
  const auto header = file < 0 ? std::nullopt : ReadHeader(file, read_offset_, first.bytes);
  if (file >= 0) ::close(file);
  if (header) Advance(*header);  // without one, Front() finds the same and gives the segment up
}

void DiskBuffer::Advance(const Header& header) {
  Segment& first = segments_.front();
  read_offset_ += kHeaderBytes + header.length;
  first.weight -= std::min<std::uint64_t>(first.weight, std::min(header.weight, kMaxWeight));
  --first.records;
  --records_;
  ++next_number_;
  if (first.records == 0) {
    first.weight = 0;
    DropFirstSegment();
  } else {
    SavePosition();
  }
}

void DiskBuffer::DropFirstSegment() {
  const Segment first = segments_.front();
  if (segments_.size() == 1) CloseWriter();
  segments_.pop_front();
  losses_.dropped_weight += first.weight;
  records_ -= first.records;
  next_number_ += first.records;
  bytes_ -= first.bytes;
  read_offset_ = 0;
  std::error_code error;
  std::filesystem::remove(PathOf(first.id), error);
  SavePosition();
}

void DiskBuffer::SavePosition() {
  // Not synced: after a power failure a few records may be read, and sent, a second time, which the
  // platform recognises.
  const std::uint64_t segment = segments_.empty() ? next_id_ : segments_.front().id;
  WriteAt(position_, 0, PositionBytes(segment, read_offset_));
}

void DiskBuffer::CloseWriter() {
  if (writer_ >= 0) ::close(writer_);
  writer_ = -1;
}

}  // namespace helios::agent
