// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/db.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "tsdb/internal/chunk_map.h"

namespace helios::tsdb {

/// What a database keeps, each in a RocksDB column family of its own.
enum class Family : std::uint8_t {
  kChunks,  ///< by EncodeChunkKey()
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

/// What the databases of one store share.
struct ChunkDbShared {
  rocksdb::Env* env = nullptr;
  std::shared_ptr<rocksdb::Cache> cache;
  std::shared_ptr<rocksdb::WriteBufferManager> write_buffers;
};

/// One RocksDB. Samples come into it as sorted files (ChunkIngestion), so it has no second log of them. Thread-safe.
class ChunkDb {
 public:
  /// A damaged file of chunks does not keep it from opening: reads of keys that it may hold fail instead.
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
    return families_[static_cast<std::size_t>(family)];
  }
  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }

  /// A state of the database that reads can be made from; null means the newest.
  using Snapshot = std::shared_ptr<const rocksdb::Snapshot>;
  [[nodiscard]] Snapshot TakeSnapshot() const;

  /// Whether chunks from `begin` up to `end` can be read, as far as it was known when the database was opened.
  /// Errors: kDataCorruption tsdb.bad_checksum.
  [[nodiscard]] Result<void> CheckChunks(std::string_view begin, std::string_view end) const;

  /// Reads all files with chunks from `begin` up to `end`. What walks over chunks asks this first: an iterator of
  /// RocksDB 7.8 skips a file whose first block cannot be read, and its status is fine. Errors: kDataCorruption
  /// tsdb.bad_checksum.
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

  /// Durable when it returns. Errors: WriteError().
  [[nodiscard]] Result<void> Write(rocksdb::WriteBatch& batch) const;

  /// Gives the space of deleted chunks from `begin` up to `end` back, once no snapshot needs them.
  void Reclaim(std::string_view begin, std::string_view end) const;

 private:
  ChunkDb() = default;
  [[nodiscard]] Result<void> LoadMap();
  /// Finds damaged files: of chunks by three short reads a file, of the catalogue by reading all of it.
  [[nodiscard]] Result<void> FindDamage();
  /// Logs why not.
  [[nodiscard]] bool IsWhole(const rocksdb::LiveFileMetaData& file, Family family, bool all_of_it) const;

  struct KeyRange {
    std::string first;
    std::string last;  ///< belongs to it
  };

  std::filesystem::path directory_;
  std::unique_ptr<rocksdb::DB> db_;
  std::array<rocksdb::ColumnFamilyHandle*, kFamilies> families_{};
  rocksdb::ColumnFamilyHandle* default_ = nullptr;
  ChunkMap map_;
  std::vector<KeyRange> damaged_;  ///< of chunks; not changed after Open()
};

/// Sorted files, written aside, that become part of a database all at once. One thread at a time.
class ChunkIngestion {
 public:
  /// `name` makes the files' names and must differ from every other ingestion in progress.
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

  /// All or nothing, and durable when it returns. Errors: WriteError().
  [[nodiscard]] Result<void> Commit();

 private:
  struct Output;
  [[nodiscard]] Result<Output*> Open(Family family);
  [[nodiscard]] Result<void> Finish(Family family);

  ChunkDb& db_;
  const std::string name_;
  std::array<std::unique_ptr<Output>, kFamilies> open_;
  std::array<std::vector<std::string>, kFamilies> files_;
  int made_ = 0;
};

}  // namespace helios::tsdb
