// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/sst_file_writer.h>

#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>

#include "tsdb/internal/chunk_db.h"

namespace helios::tsdb {

/// The file of one flush of chunks whose tenant's own database does not open: they are held in a directory of the
/// tenant's, durable, until it does, and are nobody else's meanwhile. One thread.
class HeldFile {
 public:
  /// `directory` is made where it is absent. A file of the same flush is replaced. `opening` is held until the file is
  /// committed, so that none is written beside a database that has just opened and looked for them.
  HeldFile(rocksdb::Env& env, std::filesystem::path directory, std::uint32_t flush,
           std::unique_lock<std::mutex> opening);
  /// Removes what was not committed.
  ~HeldFile();
  HeldFile(const HeldFile&) = delete;
  HeldFile& operator=(const HeldFile&) = delete;

  /// By EncodeChunkKey(), rising. Errors: WriteError().
  [[nodiscard]] Result<void> Put(std::string_view key, std::string_view sealed);
  /// Durable when it returns. Errors: WriteError().
  [[nodiscard]] Result<void> Commit();

  [[nodiscard]] std::size_t chunks() const { return chunks_; }

 private:
  std::unique_lock<std::mutex> opening_;
  rocksdb::Env& env_;
  const std::filesystem::path directory_;
  const std::filesystem::path path_;
  rocksdb::SstFileWriter writer_;
  bool open_ = false;
  std::size_t chunks_ = 0;
};

/// Brings what is held in `directory` into `db`, each file in one step, and removes it; once more, where a crash came
/// in between, changes nothing. A file that is damaged is kept under another name, logged, and counted as lost. Errors:
/// WriteError(), ReadError(); what is left is brought home the next time.
[[nodiscard]] Result<void> BringHome(ChunkDb& db, const std::filesystem::path& directory);

}  // namespace helios::tsdb
