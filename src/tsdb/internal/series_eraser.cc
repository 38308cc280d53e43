// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/series_eraser.h"

#include "obs/log.h"

namespace helios::tsdb {
namespace {

constexpr std::int32_t kFirstDay = -60'000'000;
constexpr std::int32_t kLastDay = 60'000'000;

}  // namespace

Result<void> SeriesEraser::Erase(const Tenant& tenant, const std::vector<SeriesId>& series) {
  auto erased = EraseFromShared(tenant, series);
  if (!erased) {
    auto& kept = shared_[tenant.number];
    kept.insert(kept.end(), series.begin(), series.end());
  }
  if (auto from_own = EraseFromOwn(tenant, series); !from_own) {
    obs::LogFailure("tsdb.deletion_postponed", from_own.error(), {{"tenant", tenant.id.ToString()}});
    auto& kept = own_[tenant.number];
    kept.insert(kept.end(), series.begin(), series.end());
  }
  return erased;
}

Result<void> SeriesEraser::MakeUp() {
  Result<void> outcome;
  const auto again = [&](ByTenant& kept, auto erase) {
    std::erase_if(kept, [&](const auto& entry) {
      auto erased = erase(*core_.tenants.Find(entry.first), entry.second);
      if (!erased && &kept == &shared_ && outcome) outcome = std::unexpected(erased.error());
      return erased.has_value();
    });
  };
  again(shared_, [this](const Tenant& tenant, const auto& series) { return EraseFromShared(tenant, series); });
  again(own_, [this](const Tenant& tenant, const auto& series) { return EraseFromOwn(tenant, series); });
  return outcome;
}

Result<void> SeriesEraser::EraseFromShared(const Tenant& tenant, const std::vector<SeriesId>& series) {
  return EraseFrom(core_.chunks->shared(), tenant, series);
}

Result<void> SeriesEraser::EraseFromOwn(const Tenant& tenant, const std::vector<SeriesId>& series) {
  HELIOS_TRY(const std::vector<ChunkDb*> databases, core_.chunks->AllOf(tenant));
  for (ChunkDb* db : databases) {
    if (db != &core_.chunks->shared()) HELIOS_CHECK(EraseFrom(*db, tenant, series));
  }
  return {};
}

Result<void> SeriesEraser::EraseFrom(ChunkDb& db, const Tenant& tenant, const std::vector<SeriesId>& series) {
  const auto erase = [&]() -> Result<void> {
    const auto writing = core_.chunks->Writing();
    ChunkEdit edit;
    for (const ChunkKind kind : {ChunkKind::kSamples, ChunkKind::kFiveMinutes, ChunkKind::kHours}) {
      for (const ChunkMap::Day& day : db.map().Days(tenant.number, kind, kFirstDay, kLastDay)) {
        const auto erase_chunks = [&](std::uint32_t flush) {
          for (const SeriesId id : series) {
            edit.Delete(db.family(Family::kChunks), EncodeChunkKey({tenant.number, kind, day.day, flush, id}));
          }
        };
        if (day.compacted) erase_chunks(ChunkKey::kCompacted);
        for (const std::uint32_t flush : day.flushes) erase_chunks(flush);
      }
    }
    const bool has_catalogue = &db == &core_.chunks->shared();
    for (const SeriesId id : has_catalogue ? series : std::vector<SeriesId>{}) {
      const std::string key = EncodeSeriesDiskKey(tenant.number, id);
      edit.Delete(db.family(Family::kSeries), key);
      edit.Delete(db.family(Family::kState), key);
    }
    return db.Write(edit);
  };
  auto erased = erase();
  // What is set aside is brought back without series that are gone.
  if (!erased && core_.chunks->SetDamagedAside().value_or(0) > 0) erased = erase();
  return erased;
}

}  // namespace helios::tsdb
