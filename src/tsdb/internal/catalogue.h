// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/uuid.h"
#include "tsdb/internal/chunk_store.h"
#include "tsdb/internal/group_commit.h"

namespace helios::tsdb {

// What the shared database knows beside chunks: the store itself, its tenants, series and usage. All of it is read when
// the store opens, and written by flushes. Bytes: docs/formats/chunks.md.

/// What is true of a series as far as the databases hold it.
struct SeriesState {
  std::int64_t first_ms = 0;
  std::int64_t newest_ms = 0;
  std::uint64_t newest_bits = 0;
};
inline constexpr std::size_t kSeriesStateBytes = 24;
[[nodiscard]] std::string EncodeState(const SeriesState& state);
[[nodiscard]] std::optional<SeriesState> DecodeState(std::string_view bytes);

/// What there is one of.
struct StoreMarks {
  Uuid store;                         ///< whose journal it is
  std::uint64_t flushed_segment = 0;  ///< all samples of journal segments up to it are in the databases
  std::uint32_t next_generation = 1;  ///< above that of every series that ever was
};

/// Reads the marks; those of a new store where there are none, which it then writes.
/// Errors: kUnavailable tsdb.cannot_open (another format); kDataCorruption tsdb.corrupt; those of ChunkDb.
[[nodiscard]] Result<StoreMarks> LoadMarks(ChunkDb& db, Random& random, TimestampMs now);

/// Brings tenants back. Errors: kDataCorruption tsdb.corrupt.
[[nodiscard]] Result<void> LoadTenants(ChunkDb& db, Tenants& tenants);

/// Usage that is not yet known to have been recorded elsewhere, by segment.
[[nodiscard]] Result<std::map<std::uint32_t, UsageCounts>> LoadUsage(ChunkDb& db);
[[nodiscard]] Result<void> ForgetUsage(ChunkDb& db, std::uint32_t last_segment);

/// Writes entries of the meta family; each once.
class MetaEntries {
 public:
  void PutMarks(const StoreMarks& marks);
  void PutTenant(const Tenant& tenant);
  /// That `db` has chunks of the key's tenant, kind, day and flush.
  void PutChunkPlace(const ChunkDb& db, const ChunkKey& key);
  void PutUsage(std::uint32_t segment, const UsageCounts& usage);
  /// Errors: those of ChunkIngestion::Put().
  [[nodiscard]] Result<void> WriteTo(ChunkIngestion& ingestion) const;

 private:
  std::map<std::string, std::string> entries_;  // in the order of their keys, which a sorted file asks for
};

}  // namespace helios::tsdb
