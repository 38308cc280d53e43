// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/segment_pool.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

namespace helios::tsdb {
namespace {

using Mode = JournalFileSystem::Mode;

constexpr std::size_t kZerosBlocks = 256;  // 1 MiB a write
constexpr std::string_view kSparePrefix = "spare-";
constexpr std::string_view kSuffix = ".seg";
constexpr std::string_view kUnfinished = "making.tmp";

std::optional<std::uint64_t> ParseSpareName(std::string_view name) {
  if (!name.starts_with(kSparePrefix) || !name.ends_with(kSuffix)) return std::nullopt;
  const std::string_view digits = name.substr(kSparePrefix.size(), name.size() - kSparePrefix.size() - kSuffix.size());
  std::uint64_t serial = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), serial);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return serial;
}

}  // namespace

Result<std::unique_ptr<SegmentPool>> SegmentPool::Open(JournalFileSystem& fs, SegmentPoolConfig config, Random& random,
                                                       const Aead* aead) {
  if (config.segment_bytes % kSegmentBlockBytes != 0 || config.segment_bytes < kMinSegmentBytes ||
      config.segment_bytes > kMaxSegmentBytes) {
    return Fail(ErrorCode::kInvalidArgument, "tsdb.bad_config",
                "cannot make journal segments of {} bytes; want a multiple of {} from {} to {}", config.segment_bytes,
                kSegmentBlockBytes, kMinSegmentBytes, kMaxSegmentBytes);
  }
  std::unique_ptr<SegmentPool> pool(new SegmentPool(fs, std::move(config), random, aead));
  HELIOS_CHECK(pool->Recover());
  return pool;
}

SegmentPool::SegmentPool(JournalFileSystem& fs, SegmentPoolConfig config, Random& random, const Aead* aead)
    : fs_(fs), config_(std::move(config)), random_(random), aead_(aead) {}

Result<void> SegmentPool::Recover() {
  HELIOS_TRY(const auto names, fs_.List(config_.directory));
  next_number_ = std::max<std::uint64_t>(1, config_.first_number);
  for (const std::string& name : names) {
    const std::filesystem::path path = config_.directory / name;
    if (const auto number = ParseSegmentFileName(name)) {
      next_number_ = std::max(next_number_, *number + 1);
    } else if (const auto serial = ParseSpareName(name)) {
      next_spare_ = std::max(next_spare_, *serial + 1);
      HELIOS_TRY(const auto file, fs_.Open(path, Mode::kRead));
      HELIOS_TRY(const std::uint64_t bytes, file->Size());
      if (bytes == config_.segment_bytes && spares_.size() < config_.max_spares) {
        spares_.push_back(path);
      } else {
        HELIOS_CHECK(fs_.Remove(path));
      }
    } else if (name == kUnfinished) {
      HELIOS_CHECK(fs_.Remove(path));
    }
  }
  return fs_.SyncDirectory(config_.directory);
}

Result<void> SegmentPool::Prepare() {
  const std::lock_guard making(making_);
  if (HasPrepared()) return {};
  HELIOS_TRY(Segment made, Make());
  const std::lock_guard lock(mutex_);
  prepared_ = std::move(made);
  ++next_number_;
  return {};
}

Result<Segment> SegmentPool::Next() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (prepared_) return *std::exchange(prepared_, std::nullopt);
    }
    HELIOS_CHECK(Prepare());
  }
}

bool SegmentPool::HasPrepared() const {
  const std::lock_guard lock(mutex_);
  return prepared_.has_value();
}

std::size_t SegmentPool::spares() const {
  const std::lock_guard lock(mutex_);
  return spares_.size();
}

Result<Segment> SegmentPool::Make() {
  HELIOS_TRY(const std::filesystem::path spare, TakeSpare());
  auto made = MakeFrom(spare);
  // A file that failed is not used again, and must not fill the disk either.
  if (!made) static_cast<void>(fs_.Remove(spare));
  return made;
}

Result<Segment> SegmentPool::MakeFrom(const std::filesystem::path& spare) {
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    number = next_number_;
  }
  HELIOS_TRY(SegmentHeader header, MakeSegmentHeader(number, config_.segment_bytes, config_.store, aead_, random_));
  BlockBuffer block(1);
  EncodeSegmentHeader(header, {block.data(), block.size()});

  HELIOS_TRY(auto file, fs_.Open(spare, Mode::kWrite));
  HELIOS_CHECK(file->Write(0, {block.data(), block.size()}));
  HELIOS_CHECK(file->Sync());
  const std::filesystem::path path = config_.directory / SegmentFileName(number);
  HELIOS_CHECK(fs_.Rename(spare, path));
  HELIOS_CHECK(fs_.SyncDirectory(config_.directory));
  return Segment{.header = header, .path = path, .file = std::move(file)};
}

Result<std::filesystem::path> SegmentPool::TakeSpare() {
  {
    const std::lock_guard lock(mutex_);
    if (!spares_.empty()) {
      std::filesystem::path spare = std::move(spares_.back());
      spares_.pop_back();
      return spare;
    }
  }
  return MakeFile();
}

Result<std::filesystem::path> SegmentPool::MakeFile() {
  HELIOS_TRY(const std::uint64_t free_bytes, fs_.FreeBytes(config_.directory));
  if (free_bytes < config_.segment_bytes || free_bytes - config_.segment_bytes < config_.min_free_bytes) {
    return Fail(ErrorCode::kUnavailable, "tsdb.disk_full",
                "cannot make a journal segment of {} bytes in {}: {} bytes are free, of which {} are kept for flushes",
                config_.segment_bytes, config_.directory.string(), free_bytes, config_.min_free_bytes);
  }
  const std::filesystem::path unfinished = config_.directory / kUnfinished;
  std::filesystem::path path;
  {
    const std::lock_guard lock(mutex_);
    path = SparePath(next_spare_++);
  }
  auto outcome = WriteZeros(unfinished);
  if (outcome) outcome = fs_.Rename(unfinished, path);
  if (!outcome) {
    static_cast<void>(fs_.Remove(unfinished));
    return std::unexpected(outcome.error());
  }
  return path;
}

Result<void> SegmentPool::WriteZeros(const std::filesystem::path& path) {
  HELIOS_TRY(const auto file, fs_.Open(path, Mode::kCreate));
  BlockBuffer zeros(kZerosBlocks);
  for (std::uint64_t offset = 0; offset < config_.segment_bytes; offset += zeros.size()) {
    const std::uint64_t bytes = std::min<std::uint64_t>(zeros.size(), config_.segment_bytes - offset);
    HELIOS_CHECK(file->Write(offset, {zeros.data(), bytes}));
  }
  return file->Sync();
}

Result<void> SegmentPool::Release(std::uint64_t number) {
  const std::filesystem::path path = config_.directory / SegmentFileName(number);
  std::uint64_t bytes = 0;
  {
    HELIOS_TRY(const auto file, fs_.Open(path, Mode::kRead));
    HELIOS_TRY(bytes, file->Size());
  }
  std::filesystem::path spare;
  {
    const std::lock_guard lock(mutex_);
    if (bytes == config_.segment_bytes && spares_.size() < config_.max_spares) spare = SparePath(next_spare_++);
  }
  if (spare.empty()) {
    HELIOS_CHECK(fs_.Remove(path));
    return fs_.SyncDirectory(config_.directory);
  }
  HELIOS_CHECK(fs_.Rename(path, spare));
  HELIOS_CHECK(fs_.SyncDirectory(config_.directory));
  const std::lock_guard lock(mutex_);
  spares_.push_back(std::move(spare));
  return {};
}

std::filesystem::path SegmentPool::SparePath(std::uint64_t serial) const {
  return config_.directory / fmt::format("{}{}{}", kSparePrefix, serial, kSuffix);
}

}  // namespace helios::tsdb
