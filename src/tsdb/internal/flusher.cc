// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/flusher.h"

#include <algorithm>
#include <bit>
#include <chrono>

#include "obs/log.h"

namespace helios::tsdb {
namespace {

using std::chrono::steady_clock;

constexpr std::uint32_t kSlotsPerHold = 512;  ///< series sealed before appends get the lock again
constexpr std::chrono::milliseconds kPoll{1000};
constexpr std::chrono::seconds kRotationPatience{30};

/// One page, or a part of one: what a flush keeps of a series and day.
struct Piece {
  TenantNumber tenant;
  std::int32_t day;
  SeriesId series;
  std::uint64_t page;  ///< its place in the log, or kSplit and the index among those that were cut; rises by sealing
};
constexpr std::uint64_t kSplit = std::uint64_t{1} << 63U;

/// What the catalogue is to say of a series whose pages are flushed.
struct FlushedSeries {
  TenantNumber tenant;
  SeriesId series;
  SeriesState state;
};

bool SameChunk(const Piece& a, const Piece& b) {
  return a.series == b.series && a.day == b.day;
}

}  // namespace

struct Flusher::Work {
  std::uint32_t segment = 0;  ///< all of it and before is flushed
  StoreMarks marks;           ///< true once it is
  SealedLog::Range log;
  std::vector<std::pair<LogPlace, std::string>> split;  ///< pages that were cut at midnight, and where the whole lies
  std::vector<Piece> pieces;                            ///< by tenant, day, series and sealing
  std::vector<FlushedSeries> series;                    ///< by tenant and id, each once
  std::vector<SeriesId> created;
  std::vector<ChunkKey> written;  ///< one of each tenant and day, for the maps
  std::unordered_map<TenantNumber, ChunkDb*> homes;

  [[nodiscard]] std::string_view PageOf(const Piece& piece) const {
    if ((piece.page & kSplit) != 0) return split[piece.page & ~kSplit].second;
    std::string_view bytes;
    log.At(piece.page, bytes);
    return bytes;
  }
};

/// What goes elsewhere than into the shared database: into the tenant's own, or into a file until there is one.
struct Flusher::OwnPart {
  std::unique_ptr<ChunkIngestion> ingestion;
  MetaEntries meta;
  std::unique_ptr<HeldFile> held;
};

Flusher::Flusher(StoreCore& core, SegmentPool& pool, SeriesEraser& eraser, StoreMarks marks)
    : core_(core),
      pool_(pool),
      eraser_(eraser),
      marks_(marks),
      released_(marks.flushed_segment),
      next_flush_(steady_clock::now() + core.config.flush_interval) {}

Flusher::~Flusher() {
  Stop();
}

void Flusher::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Flusher::Stop() {
  {
    const std::unique_lock lock(mutex_);
    stop_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable()) thread_.join();
}

void Flusher::Run() {
  std::unique_lock lock(mutex_);
  while (!stop_) {
    lock.unlock();
    PrepareSegment();
    PrepareKeys();
    if (IsTime()) {
      const std::uint32_t closed = core_.commit->closed_segment();
      auto flushed = closed > core_.flushed_segment ? FlushUpTo(closed) : Flush();
      if (!flushed) obs::LogFailure("tsdb.flush_failed", flushed.error());
    }
    lock.lock();
    wake_.wait_for(lock, kPoll, [this] { return stop_; });
  }
}

void Flusher::PrepareSegment() {
  if (pool_.HasPrepared()) return;
  if (auto prepared = pool_.Prepare(); !prepared) {
    obs::LogFailure("tsdb.no_segment", prepared.error());
    return;
  }
  core_.commit->NoteSegmentReady();
}

void Flusher::PrepareKeys() {
  for (Tenant* tenant : core_.tenants.All()) {
    const auto key = core_.chunks->OwnKey(*tenant);
    if (!key) {
      obs::LogFailure("tsdb.no_tenant_key", key.error());
      continue;
    }
    const std::unique_lock lock(core_.mutex);
    tenant->own_key = *key;
  }
}

bool Flusher::IsTime() {
  if (core_.commit->read_only()) return false;
  if (core_.commit->closed_segment() > core_.flushed_segment) return true;
  if (steady_clock::now() >= next_flush_) return true;
  const std::unique_lock lock(core_.mutex);
  return core_.head.log().bytes() >= core_.config.sealed_bytes;
}

Result<void> Flusher::Flush() {
  std::uint32_t segment = 0;
  {
    const std::unique_lock lock(core_.mutex);
    segment = core_.commit->RequestRotation();
  }
  PrepareSegment();
  if (!core_.commit->WaitForClosed(segment, kRotationPatience)) {
    return Fail(ErrorCode::kUnavailable, "tsdb.flush_failed",
                "cannot flush the sample store: its journal cannot move to another segment");
  }
  return FlushUpTo(segment);
}

Result<void> Flusher::FlushUpTo(std::uint32_t segment) {
  const std::unique_lock flushing(flushing_);
  next_flush_ = steady_clock::now() + core_.config.flush_interval;
  if (segment <= marks_.flushed_segment) return {};
  // The journal is what remembers deletions that the databases do not have yet.
  HELIOS_CHECK(eraser_.MakeUp());
  Work work;
  work.segment = segment;
  SealAll(segment);
  Collect(work);
  {
    const std::unique_lock counting(usage_mutex_);
    for (auto& [number, counts] : core_.commit->TakeUsage(segment)) usage_[number] = std::move(counts);
  }
  auto written = WriteAndFinish(work);
  // Damage to what is there is no reason to keep what comes out of the databases.
  if (!written && core_.chunks->SetDamagedAside().value_or(0) > 0) written = WriteAndFinish(work);
  if (!written) {
    const std::unique_lock lock(core_.mutex);
    core_.unsaved.insert(core_.unsaved.end(), work.created.begin(), work.created.end());
  }
  return written;
}

Result<void> Flusher::WriteAndFinish(Work& work) {
  const auto writing = core_.chunks->Writing();
  work.written.clear();
  HELIOS_CHECK(WriteChunks(work));
  Finish(work);
  return {};
}

void Flusher::AddUsage(std::uint32_t segment, const UsageCounts& counts) {
  const std::unique_lock flushing(flushing_);
  const std::unique_lock counting(usage_mutex_);
  for (const auto& [key, count] : counts) usage_[segment][key] += count;
}

std::map<std::uint32_t, UsageCounts> Flusher::UnwrittenUsage() const {
  const std::unique_lock counting(usage_mutex_);
  std::map<std::uint32_t, UsageCounts> unwritten = usage_;
  for (const auto& [segment, counts] : core_.commit->Usage()) {
    for (const auto& [key, count] : counts) unwritten[segment][key] += count;
  }
  return unwritten;
}

void Flusher::SealAll(std::uint32_t last) {
  std::uint32_t slots = 0;
  {
    const std::unique_lock lock(core_.mutex);
    core_.head.SealLate();
    slots = core_.head.slots();
  }
  for (std::uint32_t slot = 0; slot < slots;) {
    const std::unique_lock lock(core_.mutex);
    for (const std::uint32_t end = std::min(slots, slot + kSlotsPerHold); slot < end; ++slot) {
      const SeriesHead& series = core_.head.At(slot);
      // One that went on in the next segment was sealed when it did.
      if (series.generation != 0 && series.count > 0 && series.epoch <= last) core_.head.Seal(slot);
    }
  }
}

void Flusher::Collect(Work& work) {
  {
    const std::unique_lock lock(core_.mutex);
    work.log = core_.head.log().All();
    work.created = std::exchange(core_.unsaved, {});
  }
  std::size_t pages = 0;
  std::string_view bytes;
  for (LogPlace place = work.log.begin; place < work.log.end; ++pages) work.log.Next(place, bytes);
  work.pieces.reserve(pages);
  SampleBuffer samples;
  for (LogPlace place = work.log.begin; place < work.log.end;) {
    const LogPlace at = place;
    const SealedPage& page = work.log.Next(place, bytes);
    const SeriesId series = Head::MakeId(page.slot, page.generation);
    const std::int32_t first_day = DayOf(page.first_ms);
    if (first_day == DayOf(page.last_ms)) {
      work.pieces.push_back({page.tenant, first_day, series, at});
      continue;
    }
    samples.clear();
    if (!DecodePage(bytes, samples)) std::abort();  // it was encoded in this process
    for (std::size_t begin = 0; begin < samples.size();) {
      const std::int32_t day = DayOf(samples.times_ms[begin]);
      std::size_t end = begin + 1;
      while (end < samples.size() && DayOf(samples.times_ms[end]) == day) ++end;
      PageHint hint;
      work.pieces.push_back({page.tenant, day, series, kSplit | work.split.size()});
      EncodePage(std::span(samples.times_ms).subspan(begin, end - begin),
                 std::span(samples.values).subspan(begin, end - begin), hint,
                 work.split.emplace_back(at, std::string()).second);
      begin = end;
    }
  }
  std::ranges::sort(work.pieces, {}, [&](const Piece& piece) {
    const LogPlace place = (piece.page & kSplit) != 0 ? work.split[piece.page & ~kSplit].first : piece.page;
    return std::tuple(piece.tenant, piece.day, piece.series.value, place);
  });
  DropDead(work);
  CollectSeries(work);
}

void Flusher::DropDead(Work& work) {
  const std::unique_lock lock(core_.mutex);
  SeriesId last{};
  bool dead = false;
  std::erase_if(work.pieces, [&](const Piece& piece) {
    if (piece.series != last) dead = !core_.head.Lives(piece.series);
    last = piece.series;
    return dead;
  });
}

void Flusher::CollectSeries(Work& work) {
  SampleBuffer samples;
  for (std::size_t begin = 0; begin < work.pieces.size();) {
    std::int64_t newest_ms = kNever;
    std::string_view newest;
    const Piece& first = work.pieces[begin];
    for (; begin < work.pieces.size() && SameChunk(first, work.pieces[begin]); ++begin) {
      const std::string_view page = work.PageOf(work.pieces[begin]);
      const auto span = PeekPage(page);
      if (!span) std::abort();  // it was encoded in this process
      if (span->last_ms > newest_ms) {
        newest_ms = span->last_ms;
        newest = page;
      }
    }
    samples.clear();
    if (!DecodePage(newest, samples)) std::abort();
    const auto bits = std::bit_cast<std::uint64_t>(samples.values.back());
    work.series.push_back(
        {first.tenant, first.series, {.first_ms = kNever, .newest_ms = newest_ms, .newest_bits = bits}});
  }
  // A series has an entry for each day: the last one's counts.
  std::ranges::sort(work.series, [](const FlushedSeries& a, const FlushedSeries& b) {
    return std::tuple(a.tenant, a.series, b.state.newest_ms) < std::tuple(b.tenant, b.series, a.state.newest_ms);
  });
  const auto repeated = std::ranges::unique(work.series, {}, &FlushedSeries::series);
  work.series.erase(repeated.begin(), repeated.end());
}

Flusher::OwnPart* Flusher::OpenOwnPart(const Tenant& tenant, Work& work, OwnParts& parts) {
  ChunkDb* home = core_.chunks->HomeOf(tenant).value_or(nullptr);
  if (home == &core_.chunks->shared()) {
    work.homes[tenant.number] = home;
    return nullptr;
  }
  OwnPart& part = parts[tenant.number];
  // Without its own database a tenant's chunks wait in a file of its own: neither are they let into the shared one, nor
  // do they keep everyone's samples in the journal.
  if (home == nullptr) part.held = core_.chunks->Hold(tenant, work.segment, home);
  if (home != nullptr) part.ingestion = std::make_unique<ChunkIngestion>(*home, fmt::format("flush-{}", work.segment));
  work.homes[tenant.number] = home;
  return &part;
}

Result<void> Flusher::WriteChunks(Work& work) {
  ChunkIngestion shared(core_.chunks->shared(), fmt::format("flush-{}", work.segment));
  OwnParts parts;
  OwnPart* own = nullptr;
  MetaEntries meta;
  std::string key;
  std::string plain;
  std::string sealed;
  for (std::size_t begin = 0; begin < work.pieces.size();) {
    const Piece& first = work.pieces[begin];
    const bool new_tenant = begin == 0 || work.pieces[begin - 1].tenant != first.tenant;
    const bool new_day = new_tenant || work.pieces[begin - 1].day != first.day;
    Tenant& tenant = *core_.tenants.Find(first.tenant);
    if (new_tenant) own = OpenOwnPart(tenant, work, parts);
    HeldFile* const held = own == nullptr ? nullptr : own->held.get();
    ChunkIngestion& ingestion = own == nullptr || held != nullptr ? shared : *own->ingestion;
    plain.clear();
    std::size_t end = begin;
    for (; end < work.pieces.size() && SameChunk(first, work.pieces[end]); ++end) {
      plain.append(work.PageOf(work.pieces[end]));
    }
    const ChunkKey of{first.tenant, ChunkKind::kSamples, first.day, work.segment, first.series};
    if (new_day && held == nullptr) {
      work.written.push_back(of);
      (own == nullptr ? meta : own->meta).PutChunkPlace(*work.homes[first.tenant], of);
      HELIOS_CHECK(ingestion.CutFile(Family::kChunks));
    }
    key.clear();
    EncodeChunkKey(of, key);
    HELIOS_CHECK(core_.chunks->Seal(tenant, key, plain, sealed));
    HELIOS_CHECK(held != nullptr ? held->Put(key, sealed) : ingestion.Put(Family::kChunks, key, sealed));
    begin = end;
  }
  HELIOS_CHECK(WriteCatalogue(work, meta, shared));
  for (auto& [number, part] : parts) {
    if (part.held) {
      HELIOS_CHECK(part.held->Commit());
      obs::LogWarning("tsdb.chunks_held", {{"tenant", core_.tenants.Find(number)->id.ToString()},
                                           {"segment", work.segment},
                                           {"chunks", part.held->chunks()}});
    } else {
      HELIOS_CHECK(part.meta.WriteTo(*part.ingestion));
      HELIOS_CHECK(part.ingestion->Commit());
    }
  }
  return shared.Commit();
}

Result<void> Flusher::WriteCatalogue(Work& work, MetaEntries& meta, ChunkIngestion& shared) {
  struct Entry {
    TenantNumber tenant;
    SeriesId series;
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<Entry> created;
  StoreMarks marks = marks_;
  {
    // Series that were deleted since leave nothing.
    const std::unique_lock lock(core_.mutex);
    std::erase_if(work.series, [&](FlushedSeries& series) {
      if (!core_.head.Lives(series.series)) return true;
      const SeriesPast& past = core_.head.PastOf(Head::SlotOf(series.series));
      series.state.first_ms = past.first_ms;
      if (series.state.newest_ms <= past.saved_ms) series.state.newest_ms = kNever;  // late samples alone
      return false;
    });
    for (const SeriesId series : work.created) {
      if (core_.head.Lives(series)) created.push_back({core_.head.At(Head::SlotOf(series)).tenant, series});
    }
    marks.next_generation = std::max(marks.next_generation, core_.head.next_generation());
  }
  std::ranges::sort(created);

  for (auto& [tenant, series, state] : work.series) {
    const std::string key = EncodeSeriesDiskKey(tenant, series);
    if (state.newest_ms == kNever) {
      rocksdb::PinnableSlice stored;
      HELIOS_TRY(const bool found, core_.chunks->shared().Get(Family::kState, key, nullptr, stored));
      const auto before = found ? DecodeState(AsView(stored)) : std::nullopt;
      if (!before) continue;
      state.newest_ms = before->newest_ms;
      state.newest_bits = before->newest_bits;
    }
    HELIOS_CHECK(shared.Put(Family::kState, key, EncodeState(state)));
  }
  std::string name;
  std::string sealed;
  for (const Entry& entry : created) {
    Tenant& tenant = *core_.tenants.Find(entry.tenant);
    name.clear();
    EncodeName(tenant.index.Key(Head::SlotOf(entry.series)), name);
    const std::string key = EncodeSeriesDiskKey(entry.tenant, entry.series);
    HELIOS_CHECK(core_.chunks->Seal(tenant, key, name, sealed));
    HELIOS_CHECK(shared.Put(Family::kSeries, key, sealed));
  }
  marks.flushed_segment = work.segment;
  meta.PutMarks(marks);
  work.marks = marks;
  for (const Tenant* tenant : core_.tenants.All()) meta.PutTenant(*tenant);
  for (const auto& [segment, counts] : usage_) meta.PutUsage(segment, counts);
  return meta.WriteTo(shared);
}

void Flusher::Finish(Work& work) {
  marks_ = work.marks;
  core_.flushed_segment = static_cast<std::uint32_t>(marks_.flushed_segment);
  // Reads see the chunks' places before they stop seeing the pages.
  for (const ChunkKey& key : work.written) {
    work.homes[key.tenant]->map().Add(key.tenant, key.kind, key.day, key.flush);
  }
  {
    const std::unique_lock lock(core_.mutex);
    core_.head.log().Release(work.log.end);
    for (const auto& [tenant, series, state] : work.series) {
      if (core_.head.Lives(series)) core_.head.PastOf(Head::SlotOf(series)).saved_ms = state.newest_ms;
    }
  }
  {
    const std::unique_lock counting(usage_mutex_);
    usage_.clear();
  }
  for (; released_ < work.segment; ++released_) {
    if (auto released = pool_.Release(released_ + 1); !released) {
      obs::LogFailure("tsdb.release_failed", released.error());
      return;
    }
  }
}

}  // namespace helios::tsdb
