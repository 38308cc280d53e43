// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/chunk_db.h"

#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/sst_file_reader.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table.h>
#include <rocksdb/write_buffer_manager.h>

#include <algorithm>
#include <system_error>

#include "obs/log.h"
#include "tsdb/internal/manifest_check.h"

namespace helios::tsdb {
namespace {

constexpr std::size_t kFileWorthCutting = 256U << 10U;
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

/// While it lives, a compaction deletes no file: one that is being looked at would else seem to be lost.
class KeptFiles {
 public:
  explicit KeptFiles(rocksdb::DB& db) : db_(db), kept_(db.DisableFileDeletions().ok()) {}
  ~KeptFiles() {
    if (kept_) db_.EnableFileDeletions(/*force=*/false).PermitUncheckedError();
  }
  KeptFiles(const KeptFiles&) = delete;
  KeptFiles& operator=(const KeptFiles&) = delete;

 private:
  rocksdb::DB& db_;
  const bool kept_;
};

}  // namespace

Error ReadError(const rocksdb::Status& status) {
  // RocksDB's words name files, which are for the operator and not for who asked.
  obs::LogError("tsdb.read_failed", {{"cause", status.ToString()}});
  if (status.IsCorruption()) {
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
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {
      {rocksdb::kDefaultColumnFamilyName, MakeFamilyOptions(shared)},
      {"chunks", MakeFamilyOptions(shared)},
      {"series", MakeFamilyOptions(shared)},
      {"state", MakeFamilyOptions(shared)},
      {"meta", MakeFamilyOptions(shared)}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  rocksdb::DBOptions options = MakeDbOptions(shared);
  auto status = rocksdb::DB::Open(options, directory.string(), families, &handles, &raw);
  if (status.IsCorruption() && IsOfTable(status.ToString())) {
    // One damaged table is no reason to withhold all others. FindDamage() says which one it is.
    options.paranoid_checks = false;
    status = rocksdb::DB::Open(options, directory.string(), families, &handles, &raw);
  }
  if (!status.ok()) return std::unexpected(OpenError(directory, status));

  auto opened = std::unique_ptr<ChunkDb>(new ChunkDb);
  opened->directory_ = directory;
  opened->db_.reset(raw);
  opened->default_ = handles[0];
  for (std::size_t i = 0; i < kFamilies; ++i) opened->families_[i] = handles[i + 1];
  HELIOS_CHECK(opened->FindDamage());
  HELIOS_CHECK(opened->LoadMap());
  return opened;
}

ChunkDb::~ChunkDb() {
  if (!db_) return;
  for (auto* handle : families_) db_->DestroyColumnFamilyHandle(handle);
  db_->DestroyColumnFamilyHandle(default_);
  db_->Close();
}

Result<void> ChunkDb::FindDamage() {
  const KeptFiles kept(*db_);
  std::vector<rocksdb::LiveFileMetaData> files;
  db_->GetLiveFilesMetaData(&files);
  for (std::size_t i = 0; i < kFamilies; ++i) {
    const bool chunks = static_cast<Family>(i) == Family::kChunks;
    if (chunks) {
      // How a table's index is written stands in its properties. RocksDB goes on without them where they are damaged,
      // and then finds nothing in the table, or the wrong thing, and says so to nobody.
      rocksdb::TablePropertiesCollection properties;
      const auto status = db_->GetPropertiesOfAllTables(families_[i], &properties);
      if (status.ok() && std::ranges::all_of(properties, [](const auto& of) { return of.second != nullptr; })) continue;
    }
    for (const rocksdb::LiveFileMetaData& file : files) {
      if (file.column_family_name != families_[i]->GetName()) continue;
      if (IsWhole(file, static_cast<Family>(i), /*all_of_it=*/!chunks)) continue;
      if (!chunks) {
        return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
                    "cannot open the sample store: {} of its catalogue is damaged; restore a backup",
                    (directory_ / file.relative_filename).string());
      }
      damaged_.push_back({file.smallestkey, file.largestkey});
    }
  }
  return {};
}

bool ChunkDb::IsWhole(const rocksdb::LiveFileMetaData& file, Family family, bool all_of_it) const {
  const std::string path = (directory_ / file.relative_filename).string();
  rocksdb::SstFileReader reader(db_->GetOptions(families_[static_cast<std::size_t>(family)]));
  auto status = reader.Open(path);
  if (status.ok() && reader.GetTableProperties() == nullptr) status = rocksdb::Status::Corruption("no properties");
  if (status.ok() && all_of_it) status = reader.VerifyChecksum();
  if (status.ok()) return true;
  obs::LogError("tsdb.damaged_file",
                {{"file", path}, {"family", file.column_family_name}, {"cause", status.ToString()}});
  return false;
}

Result<void> ChunkDb::VerifyChunks(std::string_view begin, std::string_view end) const {
  const KeptFiles kept(*db_);
  std::vector<rocksdb::LiveFileMetaData> files;
  db_->GetLiveFilesMetaData(&files);
  for (const rocksdb::LiveFileMetaData& file : files) {
    if (file.column_family_name != family(Family::kChunks)->GetName()) continue;
    if (begin > file.largestkey || file.smallestkey >= end) continue;
    if (!IsWhole(file, Family::kChunks, /*all_of_it=*/true)) {
      return std::unexpected(ReadError(rocksdb::Status::Corruption("a file of chunks is damaged")));
    }
  }
  return {};
}

Result<void> ChunkDb::CheckChunks(std::string_view begin, std::string_view end) const {
  for (const KeyRange& range : damaged_) {
    if (begin <= range.last && range.first < end) {
      return std::unexpected(ReadError(rocksdb::Status::Corruption("a damaged file may hold it")));
    }
  }
  return {};
}

Result<void> ChunkDb::LoadMap() {
  return ForEach(Family::kMeta, kChunkPlacePrefix, [&](std::string_view key, std::string_view) -> Result<bool> {
    if (!key.starts_with(kChunkPlacePrefix)) return false;
    const auto place = DecodeChunkPlace(key);
    if (!place) {
      return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
                  "cannot open the sample store: an entry of its chunks is damaged");
    }
    map_.Add(place->tenant, place->kind, place->day, place->flush);
    return true;
  });
}

ChunkDb::Snapshot ChunkDb::TakeSnapshot() const {
  return {db_->GetSnapshot(), [db = db_.get()](const rocksdb::Snapshot* snapshot) { db->ReleaseSnapshot(snapshot); }};
}

Result<bool> ChunkDb::Get(Family of, std::string_view key, const Snapshot& snapshot,
                          rocksdb::PinnableSlice& value) const {
  if (of == Family::kChunks && !damaged_.empty()) HELIOS_CHECK(CheckChunks(key, std::string(key) + '\0'));
  rocksdb::ReadOptions options;
  options.snapshot = snapshot.get();
  value.Reset();
  const auto status = db_->Get(options, family(of), AsSlice(key), &value);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return std::unexpected(ReadError(status));
  return true;
}

Result<void> ChunkDb::Write(rocksdb::WriteBatch& batch) const {
  rocksdb::WriteOptions options;
  options.sync = true;
  const auto status = db_->Write(options, &batch);
  if (!status.ok()) return std::unexpected(WriteError(status));
  return {};
}

void ChunkDb::Reclaim(std::string_view begin, std::string_view end) const {
  rocksdb::CompactRangeOptions options;
  options.exclusive_manual_compaction = false;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const rocksdb::Slice first = AsSlice(begin);
  const rocksdb::Slice last = AsSlice(end);
  if (const auto status = db_->CompactRange(options, family(Family::kChunks), &first, &last); !status.ok()) {
    obs::LogWarning("tsdb.reclaim_failed", {{"cause", status.ToString()}});
  }
}

struct ChunkIngestion::Output {
  Output(const rocksdb::Options& options, rocksdb::ColumnFamilyHandle* family)
      : writer(rocksdb::EnvOptions(), options, family) {}
  rocksdb::SstFileWriter writer;
  std::string path;
};

ChunkIngestion::ChunkIngestion(ChunkDb& db, std::string name) : db_(db), name_(std::move(name)) {}

ChunkIngestion::~ChunkIngestion() {
  std::error_code ignored;
  for (const auto& output : open_) {
    if (output) std::filesystem::remove(output->path, ignored);
  }
  for (const auto& files : files_) {
    for (const std::string& file : files) std::filesystem::remove(file, ignored);
  }
}

Result<ChunkIngestion::Output*> ChunkIngestion::Open(Family family) {
  auto& output = open_[static_cast<std::size_t>(family)];
  if (!output) {
    output = std::make_unique<Output>(db_.db().GetOptions(db_.family(family)), db_.family(family));
    output->path = (db_.directory() / kIngestFolder / fmt::format("{}-{}.sst", name_, made_++)).string();
    if (const auto status = output->writer.Open(output->path); !status.ok()) return std::unexpected(WriteError(status));
  }
  return output.get();
}

Result<void> ChunkIngestion::Put(Family family, std::string_view key, std::string_view value) {
  HELIOS_TRY(Output* const output, Open(family));
  if (const auto status = output->writer.Put(AsSlice(key), AsSlice(value)); !status.ok()) {
    return std::unexpected(WriteError(status));
  }
  return {};
}

Result<void> ChunkIngestion::DeleteRange(Family family, std::string_view begin, std::string_view end) {
  if (open_[static_cast<std::size_t>(family)]) HELIOS_CHECK(Finish(family));
  HELIOS_TRY(Output* const output, Open(family));
  if (const auto status = output->writer.DeleteRange(AsSlice(begin), AsSlice(end)); !status.ok()) {
    return std::unexpected(WriteError(status));
  }
  return Finish(family);
}

Result<void> ChunkIngestion::CutFile(Family family) {
  auto& output = open_[static_cast<std::size_t>(family)];
  if (output && output->writer.FileSize() >= kFileWorthCutting) return Finish(family);
  return {};
}

Result<void> ChunkIngestion::Finish(Family family) {
  auto& output = open_[static_cast<std::size_t>(family)];
  if (const auto status = output->writer.Finish(); !status.ok()) return std::unexpected(WriteError(status));
  files_[static_cast<std::size_t>(family)].push_back(output->path);
  output.reset();
  return {};
}

Result<void> ChunkIngestion::Commit() {
  std::vector<rocksdb::IngestExternalFileArg> families;
  for (std::size_t i = 0; i < kFamilies; ++i) {
    if (open_[i]) HELIOS_CHECK(Finish(static_cast<Family>(i)));
    if (files_[i].empty()) continue;
    rocksdb::IngestExternalFileArg arg;
    arg.column_family = db_.family(static_cast<Family>(i));
    arg.external_files = files_[i];
    arg.options.move_files = true;
    arg.options.verify_checksums_before_ingest = false;
    families.push_back(std::move(arg));
  }
  if (families.empty()) return {};
  if (const auto status = db_.db().IngestExternalFiles(families); !status.ok()) {
    return std::unexpected(WriteError(status));
  }
  for (auto& files : files_) files.clear();
  return {};
}

}  // namespace helios::tsdb
