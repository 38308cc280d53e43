// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/chunk_rescue.h"

#include <rocksdb/sst_file_reader.h>

#include "obs/log.h"

namespace helios::tsdb {

/// One table of a family that was set aside.
struct ChunkRescue::Table {
  std::uint32_t family = 0;
  KeyRange keys;
  std::unique_ptr<rocksdb::SstFileReader> reader;
  std::unique_ptr<rocksdb::Iterator> at;  ///< null where nothing can be found in it
};

ChunkRescue::ChunkRescue(ChunkDb& db) : db_(db), kept_(db.db()) {}

ChunkRescue::~ChunkRescue() = default;

Result<void> ChunkRescue::MoveDay(const Tenant& tenant, ChunkKind kind, const ChunkMap::Day& day,
                                  std::span<const SeriesId> series) {
  const ChunkFamilies::Members& members = db_.chunk_families().members();
  std::vector<std::uint32_t> flushes;
  if (day.compacted) flushes.push_back(ChunkKey::kCompacted);
  flushes.insert(flushes.end(), day.flushes.begin(), day.flushes.end());
  ChunkIngestion ingestion(db_, fmt::format("rescue-{}-{}-{}", tenant.number, static_cast<int>(kind), day.day));
  std::uint64_t lost = 0;
  std::string key;
  std::string value;
  rocksdb::PinnableSlice newest;
  for (const std::uint32_t flush : flushes) {
    for (const SeriesId id : series) {
      const ChunkKey of{tenant.number, kind, day.day, flush, id};
      key.clear();
      EncodeChunkKey(of, key);
      newest.Reset();
      // What was written since it was set aside needs no rescue.
      const auto status = db_.db().Get({}, members.front().handle, AsSlice(key), &newest);
      if (status.ok()) continue;
      if (!status.IsNotFound()) return std::unexpected(ReadError(status));
      Found found = Found::kNowhere;
      for (std::size_t i = 1; i < members.size() && found == Found::kNowhere; ++i) {
        value.clear();
        HELIOS_TRY(found, Look(members[i], of, key, value));
      }
      if (found == Found::kDoubtful) ++lost;
      if (!value.empty()) HELIOS_CHECK(ingestion.Put(Family::kChunks, key, value));
    }
  }
  for (const std::uint32_t flush : flushes) {
    HELIOS_CHECK(
        ingestion.Put(Family::kMeta, EncodeChunkPlace({tenant.number, kind, day.day, flush, {}}), db_.PlaceValue()));
  }
  if (lost > 0) HELIOS_CHECK(db_.PutLost(ingestion, lost));
  HELIOS_CHECK(ingestion.Commit());
  db_.NoteLost(lost);
  if (lost > 0) {
    obs::LogError(
        "tsdb.chunks_lost",
        {{"tenant", tenant.id.ToString()}, {"kind", static_cast<int>(kind)}, {"day", day.day}, {"at_most", lost}});
  }
  // What was lost is asked for no more by who sees this.
  db_.map().Rescue(tenant.number, kind, day.day, db_.db().GetLatestSequenceNumber());
  const std::string begin = EncodeChunkKey({tenant.number, kind, day.day, 0, {}});
  const std::string end = EncodeChunkKey({tenant.number, kind, day.day + 1, 0, {}});
  db_.ReclaimAside(begin, end);
  return {};
}

Result<ChunkRescue::Found> ChunkRescue::Look(const ChunkFamilies::Member& member, const ChunkKey& key,
                                             std::string_view bytes, std::string& value) {
  if (!member.Hides(bytes)) {
    const auto status = db_.db().Get({}, member.handle, AsSlice(bytes), &value);
    if (status.ok()) return Found::kHere;
    if (status.IsNotFound()) return Found::kNowhere;
    if (!IsLost(status)) return std::unexpected(ReadError(status));
    value.clear();
  }
  return LookIntoTables(member, key, bytes, value);
}

Result<ChunkRescue::Found> ChunkRescue::LookIntoTables(const ChunkFamilies::Member& member, const ChunkKey& key,
                                                       std::string_view bytes, std::string& value) {
  if (tables_.empty()) HELIOS_CHECK(ListTables());
  bool doubt = false;
  for (Table& table : tables_) {
    if (table.family != member.number || !table.keys.Contains(bytes)) continue;
    if (table.at == nullptr) {
      doubt = true;
      continue;
    }
    table.at->Seek(AsSlice(bytes));
    if (const auto status = table.at->status(); !status.ok()) {
      if (!IsLost(status)) return std::unexpected(ReadError(status));
      doubt = true;
    }
    if (!table.at->Valid() || AsView(table.at->key()) != bytes) continue;
    value.assign(AsView(table.at->value()));
    // What a flush wrote is never written again.
    return doubt && key.flush == ChunkKey::kCompacted ? Found::kDoubtful : Found::kHere;
  }
  return doubt ? Found::kDoubtful : Found::kNowhere;
}

Result<void> ChunkRescue::ListTables() {
  std::vector<Table> tables;
  for (const ChunkFamilies::Member& family : db_.chunk_families().members()) {
    if (family.number == db_.chunk_families().live().number) continue;
    for (const rocksdb::LiveFileMetaData& file : TablesOf(db_.db(), family.handle)) {
      Table& table = tables.emplace_back();
      table.family = family.number;
      table.keys = {file.smallestkey, file.largestkey};
      auto reader = std::make_unique<rocksdb::SstFileReader>(db_.db().GetOptions(family.handle));
      const auto opened = reader->Open((db_.directory() / file.relative_filename).string());
      if (!opened.ok() && !IsLost(opened)) return std::unexpected(ReadError(opened));
      if (!opened.ok() || reader->GetTableProperties() == nullptr) continue;
      table.reader = std::move(reader);
      table.at.reset(table.reader->NewIterator({}));
    }
  }
  tables_ = std::move(tables);
  return {};
}

}  // namespace helios::tsdb
