// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tsdb/internal/chunk_edit.h"
#include "tsdb/internal/chunk_families.h"
#include "tsdb/internal/chunk_map.h"

namespace helios::tsdb {

/// What a database keeps, each in a RocksDB column family of its own; chunks in several where some were set aside.
enum class Family : std::uint8_t {
  kChunks,  ///< by EncodeChunkKey(); the one that takes what is written
  kSeries,  ///< by EncodeSeriesDiskKey(): the name, written once
  kState,   ///< by EncodeSeriesDiskKey(): first and newest sample, written by each flush
  kMeta,
};
inline constexpr std::size_t kFamilies = 4;

[[nodiscard]] inline rocksdb::Slice AsSlice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
[[nodiscard]] inline std::string_view AsView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

/// Logs a failed read and makes its error: kDataCorruption tsdb.bad_checksum or kUnavailable tsdb.read_failed.
[[nodiscard]] Error ReadError(const rocksdb::Status& status);
/// The same of a write: kUnavailable tsdb.disk_full or tsdb.write_failed.
[[nodiscard]] Error WriteError(const rocksdb::Status& status);

class ChunkIngestion;

/// What the databases of one store share.
struct ChunkDbShared {
  rocksdb::Env* env = nullptr;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;
};

/// One RocksDB. Samples come into it as sorted files (ChunkIngestion), so it has no second log of them. Thread-safe.
///
/// A damaged table of chunks costs the chunks in it and nothing else: whoever meets it notes it, SetAside() lets what
/// is written from then on go elsewhere, and ChunkRescue copies what can be read. Until then reads of what is lost
/// fail.
class ChunkDb {
 public:
  /// A damaged table of chunks does not keep it from opening.
  /// Errors: kUnavailable tsdb.locked (another process), tsdb.cannot_open; kDataCorruption tsdb.corrupt.
  [[nodiscard]] static Result<std::unique_ptr<ChunkDb>> Open(const std::filesystem::path& directory,
                                                             const ChunkDbShared& shared);
  ~ChunkDb();
  ChunkDb(const ChunkDb&) = delete;
  ChunkDb& operator=(const ChunkDb&) = delete;

  [[nodiscard]] ChunkMap& map() { return map_; }
  [[nodiscard]] const ChunkMap& map() const { return map_; }
  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* family(Family family) const {
    return family == Family::kChunks ? chunks_->live().handle : families_[static_cast<std::size_t>(family)];
  }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  /// A state of the database that reads can be made from; null means the newest.
  using Snapshot = std::shared_ptr<const rocksdb::Snapshot>;
  [[nodiscard]] Snapshot TakeSnapshot() const;

  /// Reads all files with chunks from `begin` up to `end` that were not set aside. What walks over chunks asks this
  /// first: an iterator of RocksDB 7.8 skips a file whose first block cannot be read, and its status is fine. Errors:
  /// kDataCorruption tsdb.bad_checksum.
  [[nodiscard]] Result<void> VerifyChunks(std::string_view begin, std::string_view end) const;

  /// False where there is none. Errors: ReadError().
  [[nodiscard]] Result<bool> Get(Family family, std::string_view key, const Snapshot& snapshot,
                                 rocksdb::PinnableSlice& value) const;

  /// Every key from `first` on, as long as `visit` returns true.
  template <class Visit>
  [[nodiscard]] Result<void> ForEach(Family of, std::string_view first, const Visit& visit) const {
    const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, family(of)));
    for (at->Seek(AsSlice(first)); at->Valid(); at->Next()) {
      HELIOS_TRY(const bool more, visit(AsView(at->key()), AsView(at->value())));
      if (!more) return {};
    }
    if (!at->status().ok()) return std::unexpected(ReadError(at->status()));
    return {};
  }

  /// Durable when it returns. Errors: those of Ingest().
  [[nodiscard]] Result<void> Write(const ChunkEdit& edit);
  /// Sorted files become part of the database, all or none, and are durable when it returns. Errors: WriteError();
  /// kUnavailable tsdb.write_failed, where the database has to be opened again; kDataCorruption tsdb.damaged_table
  /// where what is there is damaged, which damage_found() then says: set aside, and try again.
  [[nodiscard]] Result<void> Ingest(const std::vector<rocksdb::IngestExternalFileArg>& files);
  /// Where files are written before they become part of it; other than every other file's.
  [[nodiscard]] std::string NewFilePath(std::string_view name);

  /// Gives the space of deleted chunks from `begin` up to `end` back, once no snapshot needs them.
  void Reclaim(std::string_view begin, std::string_view end) const;
  /// The same of what was set aside, as far as whole tables can go.
  void ReclaimAside(std::string_view begin, std::string_view end) const;

  /// What the entry of a place of chunks holds: which family has them.
  [[nodiscard]] std::string PlaceValue() const;

  /// Whether someone met a damaged table of chunks since it was opened, or tables were last set aside.
  [[nodiscard]] bool damage_found() const { return watch_->damage_found(); }
  void NoteDamage() const { watch_->NoteDamage(); }
  /// Sets all chunks aside: what is written from now on goes to a new family, and every day of the map is one to be
  /// rescued. What was set aside is never written to: to delete of it means to forget it in the map and its places.
  /// Nothing else may write chunks meanwhile. Errors: WriteError().
  [[nodiscard]] Result<void> SetAside();
  [[nodiscard]] const ChunkFamilies& chunk_families() const { return *chunks_; }
  /// Gives back what was set aside, where nothing is left in it that the map names. As SetAside().
  void DropRescued();

  /// Chunks that damaged tables have cost since the database was made; at most, for what was in a table that cannot be
  /// read is not known.
  [[nodiscard]] std::uint64_t lost_chunks() const { return lost_chunks_; }
  /// Has the ingestion count so many more; they are lost once it is committed, which NoteLost() then says.
  [[nodiscard]] Result<void> PutLost(ChunkIngestion& ingestion, std::uint64_t more) const;
  void NoteLost(std::uint64_t more) { lost_chunks_ += more; }

 private:
  ChunkDb() = default;
  /// Reads what stands in the meta family about this database. Errors: kDataCorruption tsdb.corrupt; ReadError().
  [[nodiscard]] Result<std::uint64_t> LoadNumber(std::string_view key) const;
  [[nodiscard]] Result<void> LoadMap();
  /// Reads all of the catalogue.
  [[nodiscard]] Result<void> CheckCatalogue() const;
  /// Whether what was set aside has to be asked for the chunk too.
  [[nodiscard]] bool IsAside(std::string_view key, const Snapshot& snapshot) const;
  [[nodiscard]] Result<bool> GetChunk(std::string_view key, const Snapshot& snapshot,
                                      rocksdb::PinnableSlice& value) const;

  std::filesystem::path directory_;
  std::shared_ptr<DbWatch> watch_ = std::make_shared<DbWatch>();
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families_{};  ///< none of chunks
  rocksdb::ColumnFamilyHandle* default_ = nullptr;
  std::unique_ptr<ChunkFamilies> chunks_;
  ChunkMap map_;
  std::atomic<std::uint64_t> files_made_ = 0;
  std::atomic<std::uint64_t> lost_chunks_ = 0;
  rocksdb::SequenceNumber rescued_at_ = 0;  ///< newest write when all was; 0 for unknown. Of who drops
};

/// Sorted files, written aside, that become part of a database all at once. One thread at a time.
class ChunkIngestion {
 public:
  /// `name` is for who looks at the files.
  ChunkIngestion(ChunkDb& db, std::string name);
  /// Removes what was not committed.
  ~ChunkIngestion();
  ChunkIngestion(const ChunkIngestion&) = delete;
  ChunkIngestion& operator=(const ChunkIngestion&) = delete;

  /// Keys of one family must rise. Errors: WriteError().
  [[nodiscard]] Result<void> Put(Family family, std::string_view key, std::string_view value);
  /// Deletes what the database holds from `begin` up to but not `end`; no key put here may lie in between. It goes into
  /// a file of its own, so that the files beside it need not be rewritten with what it covers.
  [[nodiscard]] Result<void> DeleteRange(Family family, std::string_view begin, std::string_view end);
  /// The next key goes into another file, where this one has a size worth one: files whose key ranges lie apart are
  /// never rewritten.
  [[nodiscard]] Result<void> CutFile(Family family);

  /// All or nothing, and durable when it returns. Errors: WriteError(); kDataCorruption tsdb.damaged_table where what
  /// is there is damaged, which the database then knows: set aside, and try again.
  [[nodiscard]] Result<void> Commit();

 private:
  struct Output;
  [[nodiscard]] Result<Output*> Open(Family family);
  [[nodiscard]] Result<void> Finish(Family family);

  ChunkDb& db_;
  const std::string name_;
  std::array<std::unique_ptr<Output>, kFamilies> open_;
  std::array<std::vector<std::string>, kFamilies> files_;
};

}  // namespace helios::tsdb
