// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <rocksdb/env.h>
#include <rocksdb/sst_file_writer.h>

#include <system_error>

#include "obs/log.h"
#include "tsdb/internal/chunk_db.h"

namespace helios::tsdb {
namespace {

// Kept for RocksDB's manifest, whose writing must not fail.
constexpr std::uint64_t kManifestRoom = 1U << 20U;
constexpr std::size_t kFileWorthCutting = 256U << 10U;

rocksdb::IngestExternalFileArg FilesOf(rocksdb::ColumnFamilyHandle* family, std::vector<std::string> files) {
  rocksdb::IngestExternalFileArg arg;
  arg.column_family = family;
  arg.external_files = std::move(files);
  arg.options.move_files = true;
  arg.options.verify_checksums_before_ingest = false;
  return arg;
}

/// Removes files that did not become part of the database.
class Leftovers {
 public:
  ~Leftovers() {
    std::error_code ignored;
    for (const std::string& path : paths) std::filesystem::remove(path, ignored);
  }
  std::vector<std::string> paths;
};

}  // namespace

Result<void> ChunkDb::Ingest(const std::vector<rocksdb::IngestExternalFileArg>& files) {
  if (files.empty()) return {};
  if (watch_->stopped()) {
    return Fail(ErrorCode::kUnavailable, "tsdb.write_failed",
                "cannot write samples: their database stopped after an earlier failure; restart helios");
  }
  std::uint64_t free = 0;
  if (db_->GetEnv()->GetFreeSpace(directory_.string(), &free).ok() && free < kManifestRoom) {
    return std::unexpected(WriteError(rocksdb::Status::NoSpace(directory_.string())));
  }
  const auto status = db_->IngestExternalFiles(files);
  if (status.ok()) return {};
  if (status.IsCorruption()) {
    obs::LogError("tsdb.write_failed", {{"cause", status.ToString()}});
    watch_->NoteDamage();
    return Fail(ErrorCode::kDataCorruption, "tsdb.damaged_table",
                "cannot write samples: what is stored beside them is damaged");
  }
  return std::unexpected(WriteError(status));
}

Result<void> ChunkDb::Write(const ChunkEdit& edit) {
  Leftovers written;
  std::vector<rocksdb::IngestExternalFileArg> families;
  for (const auto& [family, changes] : edit.changes()) {
    std::vector<std::string> files;
    const auto write = [&](const auto& add) -> Result<void> {
      rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), db_->GetOptions(family), family);
      files.push_back(NewFilePath("edit"));
      written.paths.push_back(files.back());
      auto status = writer.Open(files.back());
      if (status.ok()) status = add(writer);
      if (status.ok()) status = writer.Finish();
      if (!status.ok()) return std::unexpected(WriteError(status));
      return {};
    };
    if (!changes.keys.empty()) {
      HELIOS_CHECK(write([&changes](rocksdb::SstFileWriter& writer) {
        rocksdb::Status status;
        for (const auto& [key, value] : changes.keys) {
          status = value ? writer.Put(AsSlice(key), AsSlice(*value)) : writer.Delete(AsSlice(key));
          if (!status.ok()) break;
        }
        return status;
      }));
    }
    // In files of their own, as in ChunkIngestion.
    for (const auto& [begin, end] : changes.ranges) {
      HELIOS_CHECK(
          write([&](rocksdb::SstFileWriter& writer) { return writer.DeleteRange(AsSlice(begin), AsSlice(end)); }));
    }
    families.push_back(FilesOf(family, std::move(files)));
  }
  return Ingest(families);
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
    output->path = db_.NewFilePath(name_);
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
    families.push_back(FilesOf(db_.family(static_cast<Family>(i)), files_[i]));
  }
  HELIOS_CHECK(db_.Ingest(families));
  for (auto& files : files_) files.clear();
  return {};
}

}  // namespace helios::tsdb
