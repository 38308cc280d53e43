// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "tsdb/internal/chunk_db.h"
#include "tsdb/internal/tenants.h"

namespace helios::tsdb {

/// Copies what can be read of chunks that were set aside to where new ones go, a day at a time, and counts what cannot.
///
/// Each chunk is asked for by its key. Where the database fails, because a table that may hold the key is damaged, the
/// other tables are asked one by one, the newest first. What is found behind a damaged table may be the state before
/// the newest: samples may be missing then, as they are where nothing is found, but no value is another one. It counts
/// as lost all the same. Damage is what a checksum says: what a disk does not deliver may be delivered another time, so
/// it is an error here, and the day stays where it is.
///
/// One thread at a time, which holds ChunkStore::Writing().
class ChunkRescue {
 public:
  explicit ChunkRescue(ChunkDb& db);
  ~ChunkRescue();
  ChunkRescue(const ChunkRescue&) = delete;
  ChunkRescue& operator=(const ChunkRescue&) = delete;

  /// Copies the day's chunks of `series`, which rise and are all that live, and forgets what the old tables had of the
  /// day. Errors: those of ChunkIngestion, ReadError(); nothing changed then.
  [[nodiscard]] Result<void> MoveDay(const Tenant& tenant, ChunkKind kind, const ChunkMap::Day& day,
                                     std::span<const SeriesId> series);

 private:
  enum class Found : std::uint8_t {
    kNowhere,
    kHere,
    kDoubtful,  ///< a damaged table may have it, or a newer state of what was found
  };
  struct Table;

  /// What a family that was set aside has of the key, into `value`.
  [[nodiscard]] Result<Found> Look(const ChunkFamilies::Member& member, const ChunkKey& key, std::string_view bytes,
                                   std::string& value);
  [[nodiscard]] Result<Found> LookIntoTables(const ChunkFamilies::Member& member, const ChunkKey& key,
                                             std::string_view bytes, std::string& value);
  [[nodiscard]] Result<void> ListTables();

  ChunkDb& db_;
  const KeptFiles kept_;
  std::vector<Table> tables_;  ///< of all families that were set aside, from when the first one is needed
};

}  // namespace helios::tsdb
