// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/db.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace helios::tsdb {

/// Changes to a database that ChunkDb::Write() makes all at once. Not thread-safe.
///
/// They go into sorted files as everything else does, so that RocksDB's own log stays empty: after a failed write to
/// that log, a full disk for one, RocksDB 7.8 takes files no more until it is opened again.
class ChunkEdit {
 public:
  using Handle = rocksdb::ColumnFamilyHandle*;

  void Put(Handle family, std::string_view key, std::string_view value) {
    changes_[family].keys.insert_or_assign(std::string(key), std::string(value));
  }
  void Delete(Handle family, std::string_view key) {
    changes_[family].keys.insert_or_assign(std::string(key), std::nullopt);
  }
  /// From `begin` up to `end`. No key put here may lie in between.
  void DeleteRange(Handle family, std::string_view begin, std::string_view end) {
    if (begin < end) changes_[family].ranges.emplace_back(begin, end);
  }

  struct Changes {
    std::map<std::string, std::optional<std::string>> keys;  ///< none for a deletion
    std::vector<std::pair<std::string, std::string>> ranges;
  };
  [[nodiscard]] const std::map<Handle, Changes>& changes() const { return changes_; }

 private:
  std::map<Handle, Changes> changes_;
};

}  // namespace helios::tsdb
