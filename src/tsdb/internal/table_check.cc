// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/table_check.h"

#include <rocksdb/sst_file_reader.h>

#include <algorithm>
#include <tuple>

#include "obs/log.h"

namespace helios::tsdb {

std::vector<rocksdb::LiveFileMetaData> TablesOf(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family) {
  std::vector<rocksdb::LiveFileMetaData> tables;
  db.GetLiveFilesMetaData(&tables);
  std::erase_if(tables, [&](const auto& table) { return table.column_family_name != family->GetName(); });
  // What was written later stands higher, or, on the highest level, has greater numbers.
  std::ranges::sort(tables, [](const auto& a, const auto& b) {
    return std::tuple(a.level, b.largest_seqno, b.file_number) < std::tuple(b.level, a.largest_seqno, a.file_number);
  });
  return tables;
}

bool IsWhole(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family, const std::filesystem::path& directory,
             const rocksdb::LiveFileMetaData& table, TableCheck check) {
  const std::string path = (directory / table.relative_filename).string();
  rocksdb::SstFileReader reader(db.GetOptions(family));
  auto status = reader.Open(path);
  if (status.ok() && reader.GetTableProperties() == nullptr) status = rocksdb::Status::Corruption("no properties");
  if (status.ok() && check == TableCheck::kAll) status = reader.VerifyChecksum();
  if (status.ok()) return true;
  obs::LogError("tsdb.damaged_file",
                {{"file", path}, {"family", table.column_family_name}, {"cause", status.ToString()}});
  return false;
}

std::vector<KeyRange> FindUnreadable(rocksdb::DB& db, rocksdb::ColumnFamilyHandle* family,
                                     const std::filesystem::path& directory) {
  // How a table's index is written stands in its properties. RocksDB goes on without them where they are damaged, and
  // then finds nothing in the table, or the wrong thing, and says so to nobody.
  rocksdb::TablePropertiesCollection properties;
  const auto status = db.GetPropertiesOfAllTables(family, &properties);
  if (status.ok() && std::ranges::all_of(properties, [](const auto& of) { return of.second != nullptr; })) return {};
  std::vector<KeyRange> unreadable;
  const KeptFiles kept(db);
  for (const auto& table : TablesOf(db, family)) {
    if (IsWhole(db, family, directory, table, TableCheck::kEnds)) continue;
    unreadable.push_back({table.smallestkey, table.largestkey});
  }
  return unreadable;
}

}  // namespace helios::tsdb
