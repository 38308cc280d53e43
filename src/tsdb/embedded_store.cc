// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/embedded_store.h"

#include <algorithm>
#include <condition_variable>
#include <future>
#include <limits>
#include <utility>

#include "obs/log.h"
#include "tsdb/internal/append_path.h"
#include "tsdb/internal/backup.h"
#include "tsdb/internal/day_keeper.h"
#include "tsdb/internal/embedded_store_on.h"
#include "tsdb/internal/flusher.h"
#include "tsdb/internal/limits.h"
#include "tsdb/internal/recovery.h"
#include "tsdb/internal/sample_cursor.h"
#include "tsdb/internal/series_keeper.h"
#include "tsdb/internal/usage_counter.h"

namespace helios::tsdb {
namespace {

constexpr std::string_view kJournalFolder = "journal";
constexpr std::size_t kSlotsPerHold = 1024;  ///< looked at before appends get the lock again

/// Of more segments than this that nothing was flushed of, all are flushed at once: a program that is killed again and
/// again would else fill the disk with segments, one or two a start, and read all of them at the next.
constexpr std::uint64_t kMostReplayed = 3;

/// The newest segment of those that are to be flushed at once; 0 for none.
std::uint32_t SegmentToFlush(const Replayed& replayed) {
  return replayed.segments > kMostReplayed ? static_cast<std::uint32_t>(replayed.last_segment) : 0;
}

/// How much a cursor gives.
template <class Cursor>
Result<std::uint64_t> CountAll(Cursor& cursor) {
  for (std::uint64_t count = 0;;) {
    HELIOS_TRY(const auto run, cursor.Next());
    if (run.times.empty()) return count;
    count += run.times.size();
  }
}

class Store final : public EmbeddedStore {
 public:
  Store(EmbeddedStoreConfig config, const StoreMachine& machine, const Clock& clock, obs::Metrics& metrics)
      : config_(std::move(config)), machine_(machine), core_(config_, clock, metrics) {}

  ~Store() override {
    if (!core_.commit) return;
    late_.reset();  // finishes what it took, which needs the journal
    series_keeper_.reset();
    day_keeper_.reset();
    flusher_->Stop();
    // So that the next start has nothing to replay; the journal has it all where that cannot be done.
    if (core_.commit->Writable()) {
      if (auto flushed = Store::Flush(); !flushed) obs::LogFailure("tsdb.flush_failed", flushed.error());
    }
    core_.commit.reset();
  }
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  Result<void> Open() {
    const std::filesystem::path journal = config_.directory / kJournalFolder;
    std::error_code error;
    if (std::filesystem::exists(config_.directory / "CURRENT", error)) {
      return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open",
                  "cannot open the sample store in {}: it has the format of a version before the first release; move "
                  "it away to begin anew",
                  config_.directory.string());
    }
    std::filesystem::create_directories(journal, error);
    if (error) {
      return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open", "cannot open the sample store in {}: {}",
                  config_.directory.string(), error.message());
    }
    HELIOS_TRY(core_.chunks, ChunkStore::Open(config_, machine_.env, core_.random));
    ChunkDb& shared = core_.chunks->shared();
    HELIOS_TRY(StoreMarks marks, LoadMarks(shared, core_.random, core_.clock.Now()));
    marks.flushed_segment += config_.skip_segments;
    core_.store_id = marks.store;
    core_.flushed_segment = static_cast<std::uint32_t>(marks.flushed_segment);
    core_.head.SkipGenerations(marks.next_generation);
    HELIOS_CHECK(LoadTenants(shared, core_.tenants));
    HELIOS_CHECK(LoadSeries(core_));
    HELIOS_TRY(const Replayed replayed, ReplayJournal(core_, machine_.journal, journal, marks));

    const std::uint64_t next_segment = std::max(marks.flushed_segment, replayed.last_segment) + 1;
    HELIOS_TRY(pool_, SegmentPool::Open(machine_.journal,
                                        {.directory = journal,
                                         .store = marks.store,
                                         .segment_bytes = config_.segment_bytes,
                                         .min_free_bytes = config_.min_free_bytes,
                                         .max_spares = 2,
                                         .first_number = next_segment},
                                        core_.random, &core_.chunks->key()));
    core_.commit = std::make_unique<GroupCommit>(core_.mutex, *pool_, &core_.chunks->key(),
                                                 GroupCommit::Config{.max_group_bytes = config_.max_pending_bytes,
                                                                     .segment_bytes = config_.segment_bytes,
                                                                     .first_segment = next_segment,
                                                                     .closed_segment = SegmentToFlush(replayed),
                                                                     .rotate_below_bytes = config_.segment_bytes / 16},
                                                 core_.metrics);
    flusher_ = std::make_unique<Flusher>(core_, *pool_, eraser_, marks);
    for (const auto& [segment, usage] : replayed.usage) flusher_->AddUsage(segment, usage);
    late_ = std::make_unique<LateWriter>(core_);
    append_ = std::make_unique<AppendPath>(core_, *late_);
    series_keeper_ = std::make_unique<SeriesKeeper>(core_, *flusher_, eraser_);
    series_keeper_->FinishDeletions(replayed);
    day_keeper_ = std::make_unique<DayKeeper>(core_);
    flusher_->Start();
    series_keeper_->Start();
    day_keeper_->Start();
    {
      const std::unique_lock lock(core_.mutex);
      core_.metrics.SetSeries(core_.names.size());
    }
    core_.metrics.SetLostChunks(core_.chunks->LostChunks());
    obs::LogInfo("tsdb.opened", {{"directory", config_.directory.string()},
                                 {"series", core_.head.slots()},
                                 {"replayed_segments", replayed.segments},
                                 {"replayed_samples", replayed.samples},
                                 {"damaged_bytes", replayed.damaged_bytes},
                                 {"lost_samples", replayed.lost_samples}});
    return {};
  }

  void Append(TenantId tenant, const TenantPolicy& policy, const SampleBatch& batch, AppendCallback done) override {
    append_->Append(tenant, policy, batch, kFutureTolerance, std::move(done));
  }

  void AppendOwn(TenantId tenant, const SampleBatch& batch, AppendCallback done) override {
    const Tenant& owner = core_.tenants.FindOrAdd(tenant);
    const TenantPolicy present{.max_active_series = 0,  // Helios' own are outside the limit
                               .raw_retention = std::chrono::hours{owner.raw_hours},
                               .rollup_retention = std::chrono::hours{owner.rollup_hours},
                               .isolation = owner.isolation};
    append_->Append(tenant, present, batch, kForecastTolerance, std::move(done));
  }

  Result<std::unique_ptr<SampleCursor>> Read(TenantId tenant, SeriesId series, TimeRange range) const override {
    HELIOS_TRY(Tenant* const owner, Owner(tenant, series));
    range.first = std::max(range.first, FromUnixMs(owner->OldestSampleMs(core_.clock.Now())));
    return OpenSampleCursor(core_, *owner, series, range);
  }

  Result<std::unique_ptr<RollupCursor>> ReadRollups(TenantId tenant, SeriesId series, TimeRange range,
                                                    RollupStep step) const override {
    HELIOS_TRY(Tenant* const owner, Owner(tenant, series));
    range.first = std::max(range.first, FromUnixMs(owner->OldestRollupMs(core_.clock.Now())));
    return OpenRollupCursor(core_, *owner, series, range, step);
  }

  Result<std::size_t> DeleteSeries(TenantId tenant, const SeriesSelector& selector) override {
    Tenant* const owner = core_.tenants.Find(tenant);
    if (owner == nullptr) return 0;
    return series_keeper_->Delete(*owner, selector);
  }

  Result<std::vector<SeriesInfo>> FindSeries(TenantId tenant, const SeriesSelector& selector,
                                             std::size_t limit) const override {
    Tenant* const owner = core_.tenants.Find(tenant);
    if (owner == nullptr) return NoSeries(selector);
    for (;;) {
      std::uint64_t removals = Removals();
      HELIOS_TRY(const std::vector<std::uint32_t> slots, owner->index.Find(selector));
      std::vector<SeriesInfo> infos = Visible(*owner, slots);
      for (SeriesInfo& info : infos) info.key = owner->index.Key(Head::SlotOf(info.id));
      // A slot that was freed meanwhile may be another series' by now.
      if (Removals() != removals) continue;
      const auto by_key = [](const SeriesInfo& a, const SeriesInfo& b) { return a.key < b.key; };
      if (limit < infos.size()) {
        std::ranges::partial_sort(infos, infos.begin() + static_cast<std::ptrdiff_t>(limit), by_key);
        infos.resize(limit);
      } else {
        std::ranges::sort(infos, by_key);
      }
      return infos;
    }
  }

  std::vector<std::string> MetricNames(TenantId tenant) const override {
    Tenant* const owner = core_.tenants.Find(tenant);
    if (owner == nullptr) return {};
    std::vector<std::string> names = owner->index.MetricNames();
    std::erase_if(names, [&](const std::string& name) {
      const auto slots = owner->index.Find({name, {}});
      return !slots || Visible(*owner, *slots).empty();
    });
    return names;
  }

  std::size_t ActiveSeries(TenantId tenant) const override {
    const Tenant* const owner = core_.tenants.Find(tenant);
    if (owner == nullptr) return 0;
    const std::unique_lock lock(core_.mutex);
    return core_.CountActive(*owner, /*count_created=*/false);
  }

  bool Writable() const override { return core_.commit->Writable(); }

  Result<void> Flush() override {
    {
      const std::unique_lock lock(core_.mutex);
      usage_.Commit();
    }
    return flusher_->Flush();
  }
  Result<void> KeepDays() override { return day_keeper_->KeepAll(/*even_fresh=*/true); }
  Uuid id() const override { return core_.store_id; }

  void Follow(std::shared_ptr<SampleFeed> feed) override {
    const std::unique_lock lock(core_.mutex);
    core_.commit->FeedTo(std::move(feed));
  }

  std::vector<TenantId> Tenants() const override {
    std::vector<TenantId> ids;
    for (const Tenant* tenant : core_.tenants.All()) ids.push_back(tenant->id);
    return ids;
  }

  std::optional<SeriesKey> KeyOf(TenantId tenant, SeriesId series) const override {
    const Tenant* const owner = core_.tenants.Find(tenant);
    if (owner == nullptr) return std::nullopt;
    SeriesKey key = owner->index.Key(Head::SlotOf(series));
    // Looked at last: a slot that was freed meanwhile may be another series' by now.
    const std::unique_lock lock(core_.mutex);
    if (!core_.head.Lives(series) || core_.head.At(Head::SlotOf(series)).tenant != owner->number) return std::nullopt;
    return key;
  }

  void CountUsage(TenantId tenant, UsageKind kind, std::uint64_t count) override {
    Tenant& owner = core_.tenants.FindOrAdd(tenant);
    const std::unique_lock lock(core_.mutex);
    usage_.Add(owner, kind, count);
    usage_.Commit();
  }

  Result<std::vector<UsageRow>> PendingUsage() const override {
    HELIOS_TRY(const auto usage, LoadUsage(core_.chunks->shared()));
    return RowsOf(usage);
  }

  Result<std::vector<UsageRow>> UsageOf(TenantId tenant) const override {
    // In this order: counts move from the one to the other, and are final where they arrived.
    auto usage = flusher_->UnwrittenUsage();
    HELIOS_TRY(const auto flushed, LoadUsage(core_.chunks->shared()));
    for (const auto& [segment, counts] : flushed) usage[segment] = counts;
    std::vector<UsageRow> rows = RowsOf(usage);
    std::erase_if(rows, [tenant](const UsageRow& row) { return row.tenant != tenant; });
    return rows;
  }

  Result<void> ForgetUsage(std::uint64_t segment) override {
    return tsdb::ForgetUsage(core_.chunks->shared(), static_cast<std::uint32_t>(segment));
  }

  Result<StoreContents> Verify() const override {
    constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};
    StoreContents contents;
    for (const Tenant* tenant : core_.tenants.All()) {
      for (const std::string& metric : MetricNames(tenant->id)) {
        HELIOS_TRY(const auto found, FindSeries(tenant->id, {metric, {}}, std::numeric_limits<std::size_t>::max()));
        contents.series += found.size();
        for (const SeriesInfo& info : found) {
          HELIOS_TRY(const auto samples, Read(tenant->id, info.id, kAlways));
          HELIOS_TRY(const std::uint64_t count, CountAll(*samples));
          contents.samples += count;
          for (const RollupStep step : {RollupStep::kFiveMinutes, RollupStep::kHour}) {
            HELIOS_TRY(const auto rollups, ReadRollups(tenant->id, info.id, kAlways, step));
            HELIOS_TRY(const std::uint64_t buckets, CountAll(*rollups));
            contents.rollups += buckets;
          }
        }
      }
    }
    contents.lost_chunks = core_.chunks->LostChunks();
    return contents;
  }

  Result<BackupSummary> BackUp(const std::filesystem::path& directory) override {
    HELIOS_CHECK(flusher_->Flush());
    // Series may come and go and days may be compacted meanwhile; the pause keeps the databases of one moment together.
    const auto pause = flusher_->Pause();
    return WriteBackup(*core_.chunks, core_.tenants, directory);
  }

 private:
  Result<Tenant*> Owner(TenantId tenant, SeriesId series) const {
    if (Tenant* const owner = core_.tenants.Find(tenant)) return owner;
    return Fail(ErrorCode::kNotFound, "tsdb.no_such_series", "cannot read series {}: it does not exist", series.value);
  }

  /// Nothing found, or what is wrong with the selector: an unknown tenant hears the same as a known one.
  Result<std::vector<SeriesInfo>> NoSeries(const SeriesSelector& selector) const {
    HELIOS_TRY(const auto none, LabelIndex(core_.printer).Find(selector));
    return std::vector<SeriesInfo>(none.size());
  }

  std::uint64_t Removals() const {
    const std::unique_lock lock(core_.mutex);
    return core_.removals;
  }

  /// Of the tenant's series in `slots`, those with anything within retention; without keys.
  std::vector<SeriesInfo> Visible(const Tenant& tenant, const std::vector<std::uint32_t>& slots) const {
    const std::int64_t oldest = tenant.OldestRollupMs(core_.clock.Now());
    std::vector<SeriesInfo> infos;
    infos.reserve(slots.size());
    for (std::size_t at = 0; at < slots.size();) {
      const std::unique_lock lock(core_.mutex);
      for (const std::size_t end = std::min(slots.size(), at + kSlotsPerHold); at < end; ++at) {
        const SeriesHead& series = core_.head.At(slots[at]);
        if (series.tenant != tenant.number || series.newest_ms == kNever || series.newest_ms < oldest) continue;
        infos.push_back({.id = core_.head.IdOf(slots[at]),
                         .key = {},
                         .first_seen = FromUnixMs(core_.head.PastOf(slots[at]).first_ms),
                         .last_seen = FromUnixMs(series.newest_ms),
                         .revision = series.revision});
      }
    }
    return infos;
  }

  std::vector<UsageRow> RowsOf(const std::map<std::uint32_t, UsageCounts>& usage) const {
    std::vector<UsageRow> rows;
    for (const auto& [segment, counts] : usage) {
      for (const auto& [key, count] : counts) {
        const Tenant* const tenant = core_.tenants.Find(key.tenant);
        if (tenant == nullptr) continue;
        rows.push_back({.segment = segment,
                        .tenant = tenant->id,
                        .kind = static_cast<UsageKind>(key.kind),
                        .hour = TimestampMs{std::chrono::hours{key.hour}},
                        .count = count});
      }
    }
    return rows;
  }

  const EmbeddedStoreConfig config_;
  const StoreMachine machine_;
  mutable StoreCore core_;
  UsageCounter usage_{core_};  ///< under the store's lock
  std::unique_ptr<SegmentPool> pool_;
  SeriesEraser eraser_{core_};
  std::unique_ptr<Flusher> flusher_;
  std::unique_ptr<LateWriter> late_;
  std::unique_ptr<AppendPath> append_;
  std::unique_ptr<SeriesKeeper> series_keeper_;
  std::unique_ptr<DayKeeper> day_keeper_;
};

}  // namespace

Result<std::unique_ptr<EmbeddedStore>> OpenEmbeddedStoreOn(const EmbeddedStoreConfig& config,
                                                           const StoreMachine& machine, const Clock& clock,
                                                           obs::Metrics& metrics) {
  auto store = std::make_unique<Store>(config, machine, clock, metrics);
  if (auto opened = store->Open(); !opened) {
    // Whatever part of it is damaged, to who opens the store it is the store.
    if (opened.error().code == ErrorCode::kDataCorruption) opened.error().reason = "tsdb.corrupt";
    return std::unexpected(std::move(opened).error());
  }
  return store;
}

Result<std::unique_ptr<EmbeddedStore>> OpenEmbeddedStore(const EmbeddedStoreConfig& config, const Clock& clock,
                                                         obs::Metrics& metrics) {
  static PosixJournalFileSystem journal;
  return OpenEmbeddedStoreOn(config, {*rocksdb::Env::Default(), journal}, clock, metrics);
}

}  // namespace helios::tsdb
