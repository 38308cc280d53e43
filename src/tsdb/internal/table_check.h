// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace helios::tsdb {

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

/// From `first` to `last`, both belong to it.
struct KeyRange {
  std::string first;
  std::string last;

  [[nodiscard]] bool Contains(std::string_view key) const { return first <= key && key <= last; }
};

/// The tables of a family, those that hide others first. Holds as long as KeptFiles does.
[[nodiscard]] std::vector<rocksdb::LiveFileMetaData> TablesOf(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family);

/// Whether what a file held is gone for good, because it is damaged or the file is no more: reading it again would not
/// help, as it may with other errors of a disk.
[[nodiscard]] inline bool IsLost(const rocksdb::Status& status) {
  return status.IsCorruption() || status.IsPathNotFound();
}

/// How much of a table is looked at.
enum class TableCheck : std::uint8_t {
  kEnds,  ///< three short reads: what is needed to find anything in it
  kAll,   ///< every block's checksum
};

/// Whether a table can be read. Logs why not.
[[nodiscard]] bool IsWhole(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, const std::filesystem::path& directory,
                           const rocksdb::LiveFileMetaData& table, TableCheck check);

/// Tables of a family in which nothing can be found. Cheap where there is none.
[[nodiscard]] std::vector<KeyRange> FindUnreadable(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family,
                                                   const std::filesystem::path& directory);

}  // namespace helios::tsdb
