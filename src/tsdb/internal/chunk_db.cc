// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/chunk_db.h"

#include <fmt/ranges.h>
#include <rocksdb/convenience.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <system_error>

#include "obs/log.h"
#include "tsdb/internal/manifest_check.h"
#include "tsdb/internal/table_check.h"

namespace helios::tsdb {
namespace {

constexpr std::string_view kIngestFolder = "ingest";
constexpr std::string_view kTableSuffix = ".sst";

rocksdb::DBOptions MakeDbOptions(const ChunkDbShared& shared) {
  rocksdb::DBOptions options;
  options.env = shared.env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.max_background_jobs = 2;
  options.max_open_files = 256;
  options.write_buffer_manager = shared.write_buffers;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 3;
  options.max_log_file_size = 4U << 20U;
  options.stats_dump_period_sec = 0;
  // Space is taken when it is needed: a small disk is not filled with room for what may never come.
  options.allow_fallocate = false;
  options.manifest_preallocation_size = 64U << 10U;
  return options;
}

rocksdb::ColumnFamilyOptions MakeFamilyOptions(const ChunkDbShared& shared) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = shared.cache;
  table.block_size = 16U << 10U;
  table.format_version = 5;
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  // Most series have a chunk in every flush, so a filter would be asked in vain.
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = 4U << 20U;
  // Values are sealed, and sealed bytes do not shrink.
  options.compression = rocksdb::kNoCompression;
  return options;
}

/// Whether what RocksDB found is no matter of its own log, whose damage names no file: opened all the same, it would
/// lose what was written in silence. Some damage of a table is told as one of the manifest, which stays closed either
/// way.
bool IsOfTable(std::string_view cause) {
  return cause.find(kTableSuffix) != std::string_view::npos || cause.find(" in file ") != std::string_view::npos;
}

Error OpenError(const std::filesystem::path& directory, const rocksdb::Status& status) {
  const std::string cause = status.ToString();
  if (status.IsCorruption()) {
    return Error{ErrorCode::kDataCorruption, "tsdb.corrupt",
                 fmt::format("cannot open the sample store in {}: {}; restore a backup", directory.string(), cause)};
  }
  if (status.IsIOError() && cause.find("/LOCK:") != std::string::npos) {
    return Error{
        ErrorCode::kUnavailable, "tsdb.locked",
        fmt::format("cannot open the sample store in {}: another process holds it ({})", directory.string(), cause)};
  }
  return Error{ErrorCode::kUnavailable, "tsdb.cannot_open",
               fmt::format("cannot open the sample store in {}: {}", directory.string(), cause)};
}

// In the meta family: the number of the family that takes chunks, and how many are lost; absent for none.
constexpr std::string_view kFamilyKey = "family";
constexpr std::string_view kLostKey = "lost";

std::string EncodeNumber(std::uint64_t number) {
  std::string out;
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xffU);
  return out;
}

std::optional<std::uint64_t> DecodeNumber(std::string_view bytes) {
  if (bytes.size() != 8) return std::nullopt;
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8U | static_cast<std::uint8_t>(byte);
  return number;
}

/// The families to open: those that there are, or all of a new store. RocksDB makes them one by one, "meta" last, so a
/// store without it was killed before it was whole, and is empty.
Result<std::vector<std::string>> FamilyNames(const rocksdb::DBOptions& options,
                                             const std::filesystem::path& directory) {
  std::vector<std::string> all = {rocksdb::kDefaultColumnFamilyName, ChunkFamilies::NameOf(0), "series", "state",
                                  "meta"};
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(options, directory.string(), &names).ok()) return all;
  const auto is_there = [&](const std::string& name) { return std::ranges::count(names, name) > 0; };
  if (!is_there("meta")) {
    const auto is_new = [&](const std::string& name) { return std::ranges::count(all, name) > 0; };
    if (std::ranges::all_of(names, is_new)) return all;
  } else if (is_there("series") && is_there("state")) {
    return names;
  }
  return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
              "cannot open the sample store in {}: a part of its catalogue is gone; got {}; restore a backup",
              directory.string(), fmt::join(names, ", "));
}

}  // namespace

Error ReadError(const rocksdb::Status& status) {
  // RocksDB's words name files, which are for the operator and not for who asked.
  obs::LogError("tsdb.read_failed", {{"cause", status.ToString()}});
  if (IsLost(status)) {
    return Error{ErrorCode::kDataCorruption, "tsdb.bad_checksum",
                 "cannot read samples: what is stored is damaged; restore a backup"};
  }
  return Error{ErrorCode::kUnavailable, "tsdb.read_failed", "cannot read samples: the disk did not deliver them"};
}

Error WriteError(const rocksdb::Status& status) {
  obs::LogError("tsdb.write_failed", {{"cause", status.ToString()}});
  if (status.IsNoSpace()) {
    return Error{ErrorCode::kUnavailable, "tsdb.disk_full", "cannot write samples: no space is left on the disk"};
  }
  return Error{ErrorCode::kUnavailable, "tsdb.write_failed", "cannot write samples: the disk did not take them"};
}

Result<std::unique_ptr<ChunkDb>> ChunkDb::Open(const std::filesystem::path& directory, const ChunkDbShared& shared) {
  std::error_code error;
  std::filesystem::remove_all(directory / kIngestFolder, error);  // of a process that was killed
  if (!error) std::filesystem::create_directories(directory / kIngestFolder, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open", "cannot open the sample store in {}: {}",
                directory.string(), error.message());
  }
  HELIOS_CHECK(CheckManifest(directory));
  auto opened = std::unique_ptr<ChunkDb>(new ChunkDb);
  rocksdb::DBOptions options = MakeDbOptions(shared);
  options.listeners.push_back(opened->watch_);
  HELIOS_TRY(const auto names, FamilyNames(options, directory));
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (const std::string& name : names) {
    families.emplace_back(name, MakeFamilyOptions(shared));
    // Which of them may be compacted is known once the meta family is read.
    families.back().options.disable_auto_compactions = ChunkFamilies::NumberOf(name).has_value();
  }
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  auto status = rocksdb::DB::Open(options, directory.string(), families, &handles, &raw);
  if (status.IsCorruption() && IsOfTable(status.ToString())) {
    // One damaged table is no reason to withhold all others. What is looked at next says which one it is.
    options.paranoid_checks = false;
    status = rocksdb::DB::Open(options, directory.string(), families, &handles, &raw);
  }
  if (!status.ok()) return std::unexpected(OpenError(directory, status));

  opened->directory_ = directory;
  opened->db_.reset(raw);
  std::vector<rocksdb::ColumnFamilyHandle*> of_chunks;
  for (std::size_t i = 0; i < names.size(); ++i) {
    constexpr std::array<std::string_view, kFamilies> kNames = {"", "series", "state", "meta"};
    const auto known = std::ranges::find(kNames, names[i]);
    if (known != kNames.end()) {
      opened->families_[static_cast<std::size_t>(known - kNames.begin())] = handles[i];
    } else if (ChunkFamilies::NumberOf(names[i])) {
      of_chunks.push_back(handles[i]);
    } else {
      opened->default_ = handles[i];
    }
  }
  opened->chunks_ = std::make_unique<ChunkFamilies>(*raw, directory, std::move(of_chunks));
  HELIOS_CHECK(opened->CheckCatalogue());
  HELIOS_TRY(const std::uint64_t live, opened->LoadNumber(kFamilyKey));
  if (!opened->chunks_->Choose(static_cast<std::uint32_t>(live))) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
                "cannot open the sample store in {}: its family {} is gone; restore a backup", directory.string(),
                ChunkFamilies::NameOf(static_cast<std::uint32_t>(live)));
  }
  const ChunkFamilies::Member& newest = opened->chunks_->live();
  opened->watch_->Reset(newest.number);
  HELIOS_TRY(opened->lost_chunks_, opened->LoadNumber(kLostKey));
  HELIOS_CHECK(opened->LoadMap());
  if (newest.unreadable.empty()) {
    raw->EnableAutoCompaction({newest.handle}).PermitUncheckedError();
  } else {
    HELIOS_CHECK(opened->SetAside());
  }
  return opened;
}

ChunkDb::~ChunkDb() {
  if (!db_) return;
  chunks_.reset();
  for (auto* handle : families_) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
  }
  if (default_ != nullptr) db_->DestroyColumnFamilyHandle(default_);
  db_->Close();
}

Result<void> ChunkDb::CheckCatalogue() const {
  const KeptFiles kept(*db_);
  for (auto* const family : families_) {
    if (family == nullptr) continue;
    for (const rocksdb::LiveFileMetaData& table : TablesOf(*db_, family)) {
      if (IsWhole(*db_, family, directory_, table, TableCheck::kAll)) continue;
      return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
                  "cannot open the sample store: {} of its catalogue is damaged; restore a backup",
                  (directory_ / table.relative_filename).string());
    }
  }
  return {};
}

Result<std::uint64_t> ChunkDb::LoadNumber(std::string_view key) const {
  rocksdb::PinnableSlice value;
  HELIOS_TRY(const bool found, Get(Family::kMeta, key, nullptr, value));
  if (!found) return 0;
  const auto number = DecodeNumber(AsView(value));
  if (!number) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt", "cannot open the sample store: its entry '{}' is damaged",
                key);
  }
  return *number;
}

Result<void> ChunkDb::VerifyChunks(std::string_view begin, std::string_view end) const {
  const KeptFiles kept(*db_);
  auto* const chunks = family(Family::kChunks);
  for (const rocksdb::LiveFileMetaData& table : TablesOf(*db_, chunks)) {
    if (begin > table.largestkey || table.smallestkey >= end) continue;
    if (!IsWhole(*db_, chunks, directory_, table, TableCheck::kAll)) {
      watch_->NoteDamage();
      return std::unexpected(ReadError(rocksdb::Status::Corruption("a file of chunks is damaged")));
    }
  }
  return {};
}

Result<void> ChunkDb::LoadMap() {
  return ForEach(Family::kMeta, kChunkPlacePrefix, [&](std::string_view key, std::string_view value) -> Result<bool> {
    if (!key.starts_with(kChunkPlacePrefix)) return false;
    const auto place = DecodeChunkPlace(key);
    const auto number = value.empty() ? std::optional<std::uint64_t>(0) : DecodeNumber(value);
    if (!place || !number) {
      return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
                  "cannot open the sample store: an entry of its chunks is damaged");
    }
    map_.Add(place->tenant, place->kind, place->day, place->flush);
    if (*number != chunks_->live().number) map_.SetAside(place->tenant, place->kind, place->day);
    return true;
  });
}

std::string ChunkDb::NewFilePath(std::string_view name) {
  return (directory_ / kIngestFolder / fmt::format("{}-{}.sst", name, ++files_made_)).string();
}

std::string ChunkDb::PlaceValue() const {
  const std::uint32_t number = chunks_->live().number;
  return number == 0 ? "" : EncodeNumber(number);
}

Result<void> ChunkDb::SetAside() {
  rocksdb::ColumnFamilyHandle* made = nullptr;
  if (const auto status = chunks_->Make(made); !status.ok()) return std::unexpected(WriteError(status));
  const std::uint32_t number = chunks_->live().number + 1;
  ChunkEdit edit;
  edit.Put(family(Family::kMeta), kFamilyKey, EncodeNumber(number));
  if (auto written = Write(edit); !written) {
    chunks_->Unmake(made);
    return written;
  }
  chunks_->Begin(made);
  rescued_at_ = 0;
  map_.SetAllAside();
  watch_->Reset(number);
  obs::LogError("tsdb.chunks_set_aside", {{"directory", directory_.string()},
                                          {"family", ChunkFamilies::NameOf(number - 1)},
                                          {"unreadable_tables", chunks_->members()[1].unreadable.size()}});
  return {};
}

void ChunkDb::DropRescued() {
  chunks_->GiveBack();
  if (chunks_->members().size() == 1 || map_.HasAside()) return;
  // Whoever began to read before the last rescue finds its chunks in what was set aside.
  if (rescued_at_ == 0) rescued_at_ = db_->GetLatestSequenceNumber();
  if (chunks_->HasReadersBefore(rescued_at_)) return;
  if (const auto status = chunks_->DropSetAside(); !status.ok()) {
    obs::LogWarning("tsdb.reclaim_failed", {{"cause", status.ToString()}});
    return;
  }
  rescued_at_ = 0;
  obs::LogInfo("tsdb.chunks_rescued", {{"directory", directory_.string()}, {"lost_chunks_ever", lost_chunks()}});
}

Result<void> ChunkDb::PutLost(ChunkIngestion& ingestion, std::uint64_t more) const {
  return ingestion.Put(Family::kMeta, kLostKey, EncodeNumber(lost_chunks_ + more));
}

ChunkDb::Snapshot ChunkDb::TakeSnapshot() const {
  return {db_->GetSnapshot(), [db = db_.get()](const rocksdb::Snapshot* snapshot) { db->ReleaseSnapshot(snapshot); }};
}

Result<bool> ChunkDb::Get(Family of, std::string_view key, const Snapshot& snapshot,
                          rocksdb::PinnableSlice& value) const {
  if (of == Family::kChunks) return GetChunk(key, snapshot, value);
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.get();
  value.Reset();
  const auto status = db_->Get(options, family(of), AsSlice(key), &value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return std::unexpected(ReadError(status));
  return true;
}

Result<bool> ChunkDb::GetChunk(std::string_view key, const Snapshot& snapshot, rocksdb::PinnableSlice& value) const {
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.get();
  const ChunkFamilies::Members& members = chunks_->members();
  for (const ChunkFamilies::Member& member : members) {
    if (&member != &members.front() && !IsAside(key, snapshot)) return false;
    if (member.Hides(key)) return std::unexpected(ReadError(rocksdb::Status::Corruption("a damaged file may hold it")));
    value.Reset();
    const auto status = db_->Get(options, member.handle, AsSlice(key), &value);
    if (status.ok()) return true;
    if (status.IsNotFound()) continue;
    if (IsLost(status) && &member == &members.front()) watch_->NoteDamage();
    return std::unexpected(ReadError(status));
  }
  return false;
}

bool ChunkDb::IsAside(std::string_view key, const Snapshot& snapshot) const {
  const auto of = DecodeChunkKey(key);
  return of && map_.IsAside(of->tenant, of->kind, of->day,
                            snapshot ? snapshot->GetSequenceNumber() : ~rocksdb::SequenceNumber{0});
}

void ChunkDb::Reclaim(std::string_view begin, std::string_view end) const {
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const rocksdb::Slice first = AsSlice(begin);
  const rocksdb::Slice last = AsSlice(end);
  if (const auto status = db_->CompactRange(options, family(Family::kChunks), &first, &last); !status.ok()) {
    if (IsLost(status)) watch_->NoteDamage();
    obs::LogWarning("tsdb.reclaim_failed", {{"cause", status.ToString()}});
  }
  ReclaimAside(begin, end);
}

void ChunkDb::ReclaimAside(std::string_view begin, std::string_view end) const {
  // Files go whatever snapshots say.
  const ChunkFamilies::Members& members = chunks_->members();
  if (members.size() == 1 || chunks_->HasReadersBefore(db_->GetLatestSequenceNumber())) return;
  const rocksdb::Slice first = AsSlice(begin);
  const rocksdb::Slice last = AsSlice(end);
  const rocksdb::RangePtr range(&first, &last);
  for (std::size_t i = 1; i < members.size(); ++i) {
    rocksdb::DeleteFilesInRanges(db_.get(), members[i].handle, &range, 1, /*include_end=*/false).PermitUncheckedError();
  }
}

}  // namespace helios::tsdb
