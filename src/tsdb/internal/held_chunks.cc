// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/held_chunks.h"

#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <map>
#include <system_error>

#include "obs/log.h"

namespace helios::tsdb {
namespace {

constexpr std::string_view kSuffix = ".sst";
constexpr std::string_view kUnfinished = ".tmp";
constexpr std::string_view kDamaged = ".damaged";

rocksdb::Options TableOptions() {
  rocksdb::Options options;
  options.compression = rocksdb::kNoCompression;
  return options;
}

rocksdb::Status SyncDirectory(rocksdb::Env& env, const std::filesystem::path& path) {
  std::unique_ptr<rocksdb::Directory> directory;
  auto status = env.NewDirectory(path.string(), &directory);
  return status.ok() ? directory->Fsync() : status;
}

/// Puts a file's chunks into the database. False where the file is damaged.
Result<bool> BringFile(ChunkDb& db, const std::filesystem::path& path) {
  rocksdb::SstFileReader reader(TableOptions());
  auto status = reader.Open(path.string());
  if (status.ok() && reader.GetTableProperties() == nullptr) status = rocksdb::Status::Corruption("no properties");
  if (status.ok()) status = reader.VerifyChecksum();
  ChunkIngestion ingestion(db, fmt::format("held-{}", path.stem().string()));
  std::map<std::string, ChunkKey> places;
  if (status.ok()) {
    const std::unique_ptr<rocksdb::Iterator> at(reader.NewIterator({}));
    for (at->SeekToFirst(); at->Valid(); at->Next()) {
      const auto key = DecodeChunkKey(AsView(at->key()));
      if (!key) continue;
      places.try_emplace(EncodeChunkPlace(*key), *key);
      HELIOS_CHECK(ingestion.Put(Family::kChunks, AsView(at->key()), AsView(at->value())));
    }
    status = at->status();
  }
  if (!status.ok()) {
    obs::LogError("tsdb.damaged_file", {{"file", path.string()}, {"cause", status.ToString()}});
    if (!status.IsCorruption()) return std::unexpected(ReadError(status));
    return false;
  }
  for (const auto& [place, key] : places) HELIOS_CHECK(ingestion.Put(Family::kMeta, place, db.PlaceValue()));
  HELIOS_CHECK(ingestion.Commit());
  for (const auto& [place, key] : places) db.map().Add(key.tenant, key.kind, key.day, key.flush);
  return true;
}

}  // namespace

HeldFile::HeldFile(rocksdb::Env& env, std::filesystem::path directory, std::uint32_t flush,
                   std::unique_lock<std::mutex> opening)
    : opening_(std::move(opening)),
      env_(env),
      directory_(std::move(directory)),
      path_(directory_ / fmt::format("{:010}{}", flush, kUnfinished)),
      writer_(rocksdb::EnvOptions(), TableOptions()) {}

HeldFile::~HeldFile() {
  std::error_code ignored;
  if (open_) std::filesystem::remove(path_, ignored);
}

Result<void> HeldFile::Put(std::string_view key, std::string_view sealed) {
  rocksdb::Status status;
  if (!open_) {
    std::error_code error;
    std::filesystem::create_directories(directory_, error);
    status = error ? rocksdb::Status::IOError(directory_.string(), error.message()) : writer_.Open(path_.string());
    open_ = status.ok();
  }
  if (status.ok()) status = writer_.Put(AsSlice(key), AsSlice(sealed));
  if (!status.ok()) return std::unexpected(WriteError(status));
  ++chunks_;
  return {};
}

Result<void> HeldFile::Commit() {
  auto status = writer_.Finish();
  if (status.ok()) {
    std::filesystem::path final = path_;
    final.replace_extension(kSuffix);
    status = env_.RenameFile(path_.string(), final.string());
  }
  // The directory itself may be new, and the one that has it.
  for (const auto& directory : {directory_, directory_.parent_path(), directory_.parent_path().parent_path()}) {
    if (status.ok()) status = SyncDirectory(env_, directory);
  }
  if (!status.ok()) return std::unexpected(WriteError(status));
  open_ = false;
  opening_.unlock();
  return {};
}

Result<void> BringHome(ChunkDb& db, const std::filesystem::path& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.path().extension() == kSuffix) files.push_back(entry.path());
    if (entry.path().extension() == kUnfinished) std::filesystem::remove(entry.path(), error);
  }
  std::ranges::sort(files);
  for (const auto& file : files) {
    HELIOS_TRY(const bool whole, BringFile(db, file));
    if (whole) {
      std::filesystem::remove(file, error);
    } else {
      std::filesystem::path aside = file;
      aside.replace_extension(kDamaged);
      std::filesystem::rename(file, aside, error);
      ChunkIngestion ingestion(db, "held-lost");
      HELIOS_CHECK(db.PutLost(ingestion, 1));
      HELIOS_CHECK(ingestion.Commit());
      db.NoteLost(1);
    }
    obs::LogInfo("tsdb.held_chunks_brought_home", {{"file", file.string()}, {"whole", whole}});
  }
  std::filesystem::remove(directory, error);  // where it is empty
  return {};
}

}  // namespace helios::tsdb
