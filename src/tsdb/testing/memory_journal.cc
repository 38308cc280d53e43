// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/testing/memory_journal.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "tsdb/internal/segment_format.h"

namespace helios::tsdb {
namespace {

std::unexpected<Error> Failed(std::string_view reason, std::string_view verb, const std::filesystem::path& path) {
  return Fail(ErrorCode::kUnavailable, reason, "cannot {} {}: told to fail", verb, path.string());
}

/// Counts down to failing, and stays at it.
bool Fails(std::optional<int>& good) {
  if (!good) return false;
  if (*good == 0) return true;
  --*good;
  return false;
}

}  // namespace

class MemoryJournalFileSystem::File final : public JournalFile {
 public:
  File(MemoryJournalFileSystem& fs, std::filesystem::path path, std::shared_ptr<std::string> bytes, Mode mode)
      : fs_(fs), path_(std::move(path)), bytes_(std::move(bytes)), mode_(mode) {}

  Result<void> Write(std::uint64_t offset, std::string_view bytes) override {
    const std::lock_guard lock(fs_.mutex_);
    if (mode_ == Mode::kRead || offset % kBlockBytes != 0 || bytes.size() % kBlockBytes != 0 ||
        reinterpret_cast<std::uintptr_t>(bytes.data()) % kBlockBytes != 0) {
      return Failed("tsdb.io_failed", "write, not aligned,", path_);
    }
    ++fs_.writes_;
    Result<void> outcome;
    if (Fails(fs_.faults.good_writes)) {
      bytes = bytes.substr(0, fs_.faults.failed_write_keeps);
      outcome = Failed("tsdb.io_failed", "write", path_);
    }
    const std::uint64_t end = offset + bytes.size();
    const std::uint64_t grown = end > bytes_->size() ? end - bytes_->size() : 0;
    if (fs_.UsedBytes() + grown > fs_.faults.capacity) return Failed("tsdb.disk_full", "write", path_);
    if (grown > 0) bytes_->resize(end);
    if (!bytes.empty()) std::memcpy(bytes_->data() + offset, bytes.data(), bytes.size());
    return outcome;
  }

  Result<void> Sync() override {
    const std::lock_guard lock(fs_.mutex_);
    ++fs_.syncs_;
    if (Fails(fs_.faults.good_syncs)) return Failed("tsdb.io_failed", "sync", path_);
    return {};
  }

  Result<std::size_t> Read(std::uint64_t offset, std::span<char> out) const override {
    const std::lock_guard lock(fs_.mutex_);
    const auto bad = fs_.faults.unreadable.lower_bound(offset);
    if (bad != fs_.faults.unreadable.end() && *bad < offset + out.size()) {
      return Failed("tsdb.io_failed", "read", path_);
    }
    if (offset >= bytes_->size()) return 0;
    const std::size_t count = std::min<std::size_t>(out.size(), bytes_->size() - offset);
    std::memcpy(out.data(), bytes_->data() + offset, count);
    return count;
  }

  Result<std::uint64_t> Size() const override {
    const std::lock_guard lock(fs_.mutex_);
    return bytes_->size();
  }

 private:
  MemoryJournalFileSystem& fs_;
  const std::filesystem::path path_;
  const std::shared_ptr<std::string> bytes_;
  const Mode mode_;
};

std::string& MemoryJournalFileSystem::bytes(const std::filesystem::path& path) {
  auto& file = files_[path];
  if (file == nullptr) file = std::make_shared<std::string>();
  return *file;
}

void MemoryJournalFileSystem::HoldSegments(bool hold) {
  const std::lock_guard lock(mutex_);
  held_ = hold;
  released_.notify_all();
}

bool MemoryJournalFileSystem::Exists(const std::filesystem::path& path) const {
  const std::lock_guard lock(mutex_);
  return files_.contains(path);
}

std::uint64_t MemoryJournalFileSystem::UsedBytes() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t sum = 0;
  for (const auto& [path, bytes] : files_) sum += bytes->size();
  return sum;
}

Result<std::unique_ptr<JournalFile>> MemoryJournalFileSystem::Open(const std::filesystem::path& path, Mode mode) {
  const std::lock_guard lock(mutex_);
  const bool exists = files_.contains(path);
  if (exists == (mode == Mode::kCreate)) return Failed("tsdb.io_failed", "open", path);
  bytes(path);
  return std::make_unique<File>(*this, path, files_.at(path), mode);
}

Result<void> MemoryJournalFileSystem::Rename(const std::filesystem::path& from, const std::filesystem::path& to) {
  std::unique_lock lock(mutex_);
  if (ParseSegmentFileName(to.filename().string())) released_.wait(lock, [this] { return !held_; });
  if (!files_.contains(from) || Fails(faults.good_renames)) return Failed("tsdb.io_failed", "rename", from);
  files_[to] = files_.at(from);
  files_.erase(from);
  return {};
}

Result<void> MemoryJournalFileSystem::Remove(const std::filesystem::path& path) {
  const std::lock_guard lock(mutex_);
  if (files_.erase(path) == 0) return Failed("tsdb.io_failed", "remove", path);
  return {};
}

Result<void> MemoryJournalFileSystem::SyncDirectory(const std::filesystem::path& directory) {
  const std::lock_guard lock(mutex_);
  if (Fails(faults.good_directory_syncs)) return Failed("tsdb.io_failed", "sync", directory);
  return {};
}

Result<std::vector<std::string>> MemoryJournalFileSystem::List(const std::filesystem::path& directory) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  for (const auto& [path, bytes] : files_) {
    if (path.parent_path() == directory) names.push_back(path.filename().string());
  }
  return names;
}

Result<std::uint64_t> MemoryJournalFileSystem::FreeBytes(const std::filesystem::path& /*directory*/) {
  const std::lock_guard lock(mutex_);
  if (faults.claimed_free) return *faults.claimed_free;
  return faults.capacity - std::min(faults.capacity, UsedBytes());
}

}  // namespace helios::tsdb
