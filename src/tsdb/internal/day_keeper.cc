// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/day_keeper.h"

#include <algorithm>

#include "obs/log.h"
#include "tsdb/internal/catalogue.h"
#include "tsdb/internal/chunk_rescue.h"
#include "tsdb/internal/limits.h"
#include "tsdb/internal/rollup.h"
#include "tsdb/internal/rollup_block.h"
#include "tsdb/internal/sample_block.h"
#include "tsdb/internal/sample_cursor.h"

namespace helios::tsdb {
namespace {

/// A day of so many flushes is compacted although more may come.
constexpr std::size_t kManyFlushes = 48;
constexpr std::uint32_t kSlotsPerHold = 4096;  ///< looked at before appends get the lock again
/// Looks at all days in a row, where each finds more damage.
constexpr std::size_t kRounds = 3;
constexpr std::int32_t kFirstDay = -60'000'000;
constexpr std::int32_t kLastDay = 60'000'000;

std::string PrefixEnd(const ChunkKey& first) {
  ChunkKey last = first;
  last.series.value = ~std::uint64_t{0};
  return EncodeChunkKey(last) + '\0';
}

/// What cannot be read of one day, or of one tenant, is no reason to leave the others.
void NoteFirst(Result<void>& outcome, Result<void> next) {
  if (outcome && !next) outcome = std::move(next);
}

/// The chunks of one day that one flush, or compaction, wrote.
class Source {
 public:
  Source(const ChunkDb& db, const ChunkDb::Snapshot& snapshot, const ChunkKey& first)
      : compacted_(first.flush == ChunkKey::kCompacted), end_(PrefixEnd(first)), end_slice_(end_) {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot.get();
    options.iterate_upper_bound = &end_slice_;
    options.readahead_size = 256U << 10U;
    options.fill_cache = false;
    at_.reset(db.db().NewIterator(options, db.family(Family::kChunks)));
    at_->Seek(AsSlice(EncodeChunkKey(first)));
  }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  [[nodiscard]] bool Valid() const { return at_->Valid(); }
  [[nodiscard]] Result<void> Check() const {
    if (!at_->status().ok()) return std::unexpected(ReadError(at_->status()));
    return {};
  }
  [[nodiscard]] std::string_view key() const { return AsView(at_->key()); }
  [[nodiscard]] std::string_view sealed() const { return AsView(at_->value()); }
  [[nodiscard]] bool compacted() const { return compacted_; }
  [[nodiscard]] SeriesId series() const {
    const auto key = DecodeChunkKey(AsView(at_->key()));
    return key ? key->series : SeriesId{};
  }
  void Next() { at_->Next(); }

 private:
  const bool compacted_;
  const std::string end_;
  const rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> at_;
};

}  // namespace

struct DayKeeper::DayWork {
  struct Part {
    ChunkDb* db = nullptr;
    ChunkMap::Day day;
  };
  std::int32_t day = 0;
  ChunkDb* home = nullptr;
  std::vector<Part> parts;  ///< databases that have samples of the day

  [[nodiscard]] std::size_t flushes() const {
    std::size_t count = 0;
    for (const Part& part : parts) count += part.day.flushes.size();
    return count;
  }
  [[nodiscard]] std::uint32_t newest_flush() const {
    std::uint32_t newest = 0;
    for (const Part& part : parts) {
      if (!part.day.flushes.empty()) newest = std::max(newest, part.day.flushes.back());
    }
    return newest;
  }
  [[nodiscard]] bool is_home() const {
    return std::ranges::all_of(parts, [&](const Part& part) { return part.db == home; });
  }
  /// Something of it is not where, or how, it belongs.
  [[nodiscard]] bool needs_compaction() const {
    return std::ranges::any_of(parts, [&](const Part& part) { return part.db != home || !part.day.flushes.empty(); });
  }
};

DayKeeper::~DayKeeper() {
  Stop();
}

void DayKeeper::Start() {
  thread_ = std::thread([this] { Run(); });
}

void DayKeeper::Stop() {
  {
    const std::unique_lock lock(mutex_);
    stop_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void DayKeeper::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, core_.config.sweep_interval, [this] { return stop_; })) {
    lock.unlock();
    if (auto kept = KeepAll(/*even_fresh=*/false); !kept) obs::LogFailure("tsdb.day_keeping_failed", kept.error());
    lock.lock();
  }
}

Result<void> DayKeeper::KeepAll(bool even_fresh) {
  const std::unique_lock keeping(keeping_);
  if (even_fresh) core_.chunks->ForgetFailures();
  Result<void> outcome;
  // What was found damaged on the way is set aside, and the rest of it is looked after once more.
  for (std::size_t found = 1, round = 0; found > 0 && round < kRounds; ++round) {
    auto aside = core_.chunks->SetDamagedAside();
    outcome = KeepTenants(even_fresh);
    if (!aside) NoteFirst(outcome, std::unexpected(aside.error()));
    found = core_.chunks->SetDamagedAside().value_or(0);
  }
  core_.chunks->DropRescued();
  core_.metrics.SetLostChunks(core_.chunks->LostChunks());
  core_.metrics.SetUnavailableTenants(core_.chunks->CountUnavailable());
  return outcome;
}

Result<void> DayKeeper::KeepTenants(bool even_fresh) {
  Result<void> outcome;
  for (Tenant* tenant : core_.tenants.All()) NoteFirst(outcome, KeepTenant(*tenant, even_fresh));
  return outcome;
}

Result<void> DayKeeper::KeepTenant(Tenant& tenant, bool even_fresh) {
  const TimestampMs now = core_.clock.Now();
  const std::int64_t oldest_sample_ms = tenant.OldestSampleMs(now);
  const std::int64_t oldest_rollup_ms = tenant.OldestRollupMs(now);
  HELIOS_TRY(const std::vector<ChunkDb*> databases, core_.chunks->AllOf(tenant));
  HELIOS_TRY(ChunkDb* const home, core_.chunks->HomeOf(tenant));
  const auto writing = core_.chunks->Writing();

  Result<void> outcome;
  std::map<std::int32_t, DayWork> days;
  for (ChunkDb* db : databases) {
    for (auto& day : db->map().Days(tenant.number, ChunkKind::kSamples, kFirstDay, kLastDay)) {
      DayWork& work = days[day.day];
      work.day = day.day;
      work.home = home;
      work.parts.push_back({db, std::move(day)});
    }
    for (const ChunkKind kind : {ChunkKind::kFiveMinutes, ChunkKind::kHours}) {
      for (const auto& day : db->map().Days(tenant.number, kind, kFirstDay, kLastDay)) {
        const bool expired = DayStartMs(day.day + 1) <= oldest_rollup_ms;
        NoteFirst(outcome, expired ? DeleteDay(tenant, *db, kind, day.day) : Rescue(tenant, *db, kind, day));
      }
    }
  }
  for (const auto& [day, work] : days) {
    {
      const std::unique_lock lock(mutex_);
      if (stop_ && !even_fresh) return outcome;
    }
    const std::int64_t end_ms = DayStartMs(day + 1);
    if (end_ms <= oldest_rollup_ms) {
      for (const auto& part : work.parts) {
        NoteFirst(outcome, DeleteDay(tenant, *part.db, ChunkKind::kSamples, day));
      }
      continue;
    }
    Result<void> rescued;
    for (const auto& part : work.parts) NoteFirst(rescued, Rescue(tenant, *part.db, ChunkKind::kSamples, part.day));
    if (!rescued) {
      NoteFirst(outcome, std::move(rescued));
    } else if (end_ms <= oldest_sample_ms) {
      // Rollups and the deletion of what they are made of are one step in one database, so that nothing counts twice.
      NoteFirst(outcome, work.is_home() ? RollUp(tenant, work) : Compact(tenant, work));
    } else if (work.needs_compaction()) {
      const bool over = end_ms + kOutOfOrderWindow.count() <= ToUnixMs(now);
      // A day that each flush still adds to would be written again and again.
      const bool quiet = work.newest_flush() < core_.flushed_segment;
      if ((over && (quiet || even_fresh)) || work.flushes() >= kManyFlushes) {
        NoteFirst(outcome, Compact(tenant, work));
      }
    }
  }
  return outcome;
}

Result<void> DayKeeper::Rescue(const Tenant& tenant, ChunkDb& db, ChunkKind kind, const ChunkMap::Day& day) const {
  if (!day.set_aside) return {};
  std::vector<SeriesId> living;
  std::uint32_t slot = 0;
  for (bool more = true; more;) {
    const std::unique_lock lock(core_.mutex);
    for (std::uint32_t held = 0; slot < core_.head.slots() && held < kSlotsPerHold; ++slot, ++held) {
      const SeriesHead& series = core_.head.At(slot);
      if (series.generation != 0 && series.tenant == tenant.number) living.push_back(core_.head.IdOf(slot));
    }
    more = slot < core_.head.slots();
  }
  std::ranges::sort(living);
  return ChunkRescue(db).MoveDay(tenant, kind, day, living);
}

bool DayKeeper::Lives(SeriesId series) const {
  const std::unique_lock lock(core_.mutex);
  return core_.head.Lives(series);
}

Result<void> DayKeeper::ForEachSeries(Tenant& tenant, const DayWork& work, const Visit& visit) const {
  std::vector<ChunkDb::Snapshot> snapshots;
  std::vector<std::unique_ptr<Source>> sources;
  for (const DayWork::Part& part : work.parts) {
    snapshots.push_back(part.db->TakeSnapshot());
    const auto add = [&](std::uint32_t flush) -> Result<void> {
      const ChunkKey first{tenant.number, ChunkKind::kSamples, work.day, flush, {}};
      HELIOS_CHECK(part.db->VerifyChunks(EncodeChunkKey(first), PrefixEnd(first)));
      sources.push_back(std::make_unique<Source>(*part.db, snapshots.back(), first));
      return {};
    };
    if (part.day.compacted) HELIOS_CHECK(add(ChunkKey::kCompacted));
    for (const std::uint32_t flush : part.day.flushes) HELIOS_CHECK(add(flush));
  }
  SampleBuffer samples;
  std::string plain;
  for (;;) {
    const Source* first = nullptr;
    for (const auto& source : sources) {
      HELIOS_CHECK(source->Check());
      if (source->Valid() && (first == nullptr || source->series() < first->series())) first = source.get();
    }
    if (first == nullptr) return {};
    const SeriesId series = first->series();
    const bool lives = Lives(series);
    samples.clear();
    for (const auto& source : sources) {
      if (!source->Valid() || source->series() != series) continue;
      if (lives) {
        HELIOS_CHECK(core_.chunks->Unseal(tenant, source->key(), source->sealed(), plain));
        if (source->compacted()) {
          HELIOS_CHECK(DecodeBlock(plain, samples));
        } else {
          for (std::string_view pages = plain; !pages.empty();) HELIOS_CHECK(DecodePage(pages, samples));
        }
      }
      source->Next();
    }
    if (!lives) continue;
    if (std::ranges::adjacent_find(samples.times_ms, std::greater_equal{}) != samples.times_ms.end()) {
      SortSamples(samples);
    }
    HELIOS_CHECK(visit(series, samples));
  }
}

Result<void> DayKeeper::Compact(Tenant& tenant, const DayWork& work) {
  ChunkIngestion ingestion(*work.home, fmt::format("day-{}-{}", tenant.number, work.day));
  ChunkKey key{tenant.number, ChunkKind::kSamples, work.day, ChunkKey::kCompacted, {}};
  std::string plain;
  std::string sealed;
  bool kept = false;
  std::pair<std::string, std::string> deleted;
  HELIOS_CHECK(ForEachSeries(tenant, work, [&](SeriesId series, const SampleBuffer& samples) -> Result<void> {
    key.series = series;
    plain.clear();
    EncodeBlock(samples.times_ms, samples.values, plain);
    const std::string encoded = EncodeChunkKey(key);
    HELIOS_CHECK(core_.chunks->Seal(tenant, encoded, plain, sealed));
    kept = true;
    return ingestion.Put(Family::kChunks, encoded, sealed);
  }));
  for (const DayWork::Part& part : work.parts) {
    if (part.db != work.home || part.day.flushes.empty()) continue;
    const ChunkKey begin{tenant.number, ChunkKind::kSamples, work.day, part.day.flushes.front(), {}};
    const ChunkKey end{tenant.number, ChunkKind::kSamples, work.day, part.day.flushes.back() + 1, {}};
    deleted = {EncodeChunkKey(begin), EncodeChunkKey(end)};
    HELIOS_CHECK(ingestion.DeleteRange(Family::kChunks, deleted.first, deleted.second));
    HELIOS_CHECK(ingestion.DeleteRange(Family::kMeta, EncodeChunkPlace(begin), EncodeChunkPlace(end)));
  }
  if (kept) HELIOS_CHECK(ingestion.Put(Family::kMeta, EncodeChunkPlace(key), work.home->PlaceValue()));
  HELIOS_CHECK(ingestion.Commit());
  for (const DayWork::Part& part : work.parts) {
    if (part.db == work.home) {
      const std::uint32_t last = part.day.flushes.empty() ? 0 : part.day.flushes.back();
      part.db->map().Replace(tenant.number, ChunkKind::kSamples, work.day, last, kept);
    } else {
      HELIOS_CHECK(DeleteDay(tenant, *part.db, ChunkKind::kSamples, work.day));
    }
  }
  if (kept) work.home->map().Add(tenant.number, ChunkKind::kSamples, work.day, ChunkKey::kCompacted);
  if (!deleted.first.empty()) work.home->Reclaim(deleted.first, deleted.second);
  return {};
}

Result<void> DayKeeper::RollUp(Tenant& tenant, const DayWork& work) {
  HELIOS_TRY(const ChunkView view, core_.chunks->View(tenant));
  ChunkIngestion ingestion(*work.home, fmt::format("rollup-{}-{}", tenant.number, work.day));
  for (const ChunkKind kind : {ChunkKind::kFiveMinutes, ChunkKind::kHours}) {
    const auto step = Width(kind == ChunkKind::kHours ? RollupStep::kHour : RollupStep::kFiveMinutes);
    ChunkKey key{tenant.number, kind, work.day, ChunkKey::kCompacted, {}};
    std::string plain;
    std::string sealed;
    HELIOS_CHECK(ForEachSeries(tenant, work, [&](SeriesId series, const SampleBuffer& samples) -> Result<void> {
      key.series = series;
      RollupBuffer fresh;
      AddSamples(step, samples.times_ms, samples.values, fresh);
      RollupBuffer kept;
      HELIOS_CHECK(core_.chunks->ReadRollups(tenant, view, series, kind, work.day, kept));
      RollupBuffer merged;
      MergeRollups(kept, fresh, merged);
      if (merged.times_ms.empty()) return {};
      plain.clear();
      EncodeRollups(step, merged, plain);
      const std::string encoded = EncodeChunkKey(key);
      HELIOS_CHECK(core_.chunks->Seal(tenant, encoded, plain, sealed));
      return ingestion.Put(Family::kChunks, encoded, sealed);
    }));
  }
  const std::uint32_t last = work.newest_flush();
  const ChunkKey first_key{tenant.number, ChunkKind::kSamples, work.day, ChunkKey::kCompacted, {}};
  const ChunkKey end_key{tenant.number, ChunkKind::kSamples, work.day, last + 1, {}};
  const std::string begin = EncodeChunkKey(first_key);
  const std::string end = EncodeChunkKey(end_key);
  HELIOS_CHECK(ingestion.DeleteRange(Family::kChunks, begin, end));
  HELIOS_CHECK(ingestion.DeleteRange(Family::kMeta, EncodeChunkPlace(first_key), EncodeChunkPlace(end_key)));
  MetaEntries meta;
  for (const ChunkKind kind : {ChunkKind::kFiveMinutes, ChunkKind::kHours}) {
    meta.PutChunkPlace(*work.home, {tenant.number, kind, work.day, ChunkKey::kCompacted, {}});
  }
  HELIOS_CHECK(meta.WriteTo(ingestion));
  HELIOS_CHECK(ingestion.Commit());
  for (const ChunkKind kind : {ChunkKind::kFiveMinutes, ChunkKind::kHours}) {
    work.home->map().Add(tenant.number, kind, work.day, ChunkKey::kCompacted);
  }
  work.home->map().Replace(tenant.number, ChunkKind::kSamples, work.day, last, /*kept=*/false);
  work.home->Reclaim(begin, end);
  return {};
}

Result<void> DayKeeper::DeleteDay(Tenant& tenant, ChunkDb& db, ChunkKind kind, std::int32_t day) {
  const ChunkKey first{tenant.number, kind, day, 0, {}};
  const ChunkKey next{tenant.number, kind, day + 1, 0, {}};
  const std::string begin = EncodeChunkKey(first);
  const std::string end = EncodeChunkKey(next);
  const std::string first_place = EncodeChunkPlace(first);
  const std::string next_place = EncodeChunkPlace(next);
  ChunkEdit edit;
  edit.DeleteRange(db.family(Family::kChunks), begin, end);
  edit.DeleteRange(db.family(Family::kMeta), first_place, next_place);
  HELIOS_CHECK(db.Write(edit));
  db.map().Remove(tenant.number, kind, day);
  db.Reclaim(begin, end);
  return {};
}

}  // namespace helios::tsdb
