// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/embedded_store.h"

#include <rocksdb/env.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>
#include <utility>

#include "obs/log.h"
#include "tsdb/internal/embedded_store_on.h"
#include "tsdb/internal/journal.h"
#include "tsdb/internal/limits.h"
#include "tsdb/internal/sample_reader.h"
#include "tsdb/internal/series_filter.h"

namespace helios::tsdb {
namespace {

class EmbeddedStore final : public SampleStore {
 public:
  EmbeddedStore(EmbeddedStoreConfig config, rocksdb::Env& env, const Clock& clock, obs::Metrics& metrics)
      : config_(std::move(config)), env_(env), clock_(clock), metrics_(metrics) {}

  Result<void> Open() {
    HELIOS_TRY(db_, SampleDb::Open(config_, env_, retention_, clock_));
    std::vector<std::pair<TenantId, SeriesPtr>> found;
    HELIOS_CHECK(db_->ForEachSeries([&found](SampleDb::StoredSeries stored) {
      auto series = std::make_shared<Series>(stored.id, std::move(stored.entry.key));
      series->first_seen_ms = ToUnixMs(stored.entry.first_seen);
      series->newest_ms = stored.newest_ms.value_or(kNever);
      series->newest_bits = stored.newest_bits;
      found.emplace_back(stored.tenant, std::move(series));
    }));
    index_.Insert(found);
    metrics_.SetSeries(index_.size());
    obs::LogInfo("tsdb.opened", {{"directory", config_.directory.string()}, {"series", index_.size()}});
    journal_ = std::make_unique<Journal>(Journal::Parts{config_, env_, clock_, *db_, index_, *retention_, metrics_});
    return {};
  }

  void Append(TenantId tenant, const TenantPolicy& policy, const SampleBatch& batch, AppendCallback done) override {
    Names names = ReadNames(batch);
    DecodedRows rows{.series = std::move(names.keys), .rows = {}, .any_order = batch.any_order};
    if (names.errors.empty()) {
      rows.rows = batch.rows;
    } else {
      done = RejectBadSeries(batch, names, rows.rows, std::move(done));
    }
    journal_->Append({.tenant = tenant,
                      .policy = policy,
                      .batch = std::move(rows),
                      .done = std::move(done),
                      .bytes = 0,
                      .refusal = std::nullopt});
  }

  Result<std::unique_ptr<SampleCursor>> Read(TenantId tenant, SeriesId series, TimeRange range) const override {
    {
      const auto lock = index_.Lock();
      const TenantSeries* owned = index_.Find(tenant);
      if (owned == nullptr || owned->Find(series) == nullptr) {
        return Fail(ErrorCode::kNotFound, "tsdb.no_such_series", "cannot read series {}: it does not exist",
                    series.value);
      }
    }
    range.first = std::max(range.first, FromUnixMs(retention_->CutoffMs(tenant, clock_.Now())));
    return MakeSampleReader(*db_, tenant, series, range);
  }

  Result<std::vector<SeriesInfo>> FindSeries(TenantId tenant, const SeriesSelector& selector,
                                             std::size_t limit) const override {
    HELIOS_TRY(const SeriesFilter filter, SeriesFilter::Compile(selector.matchers));
    // Matching may take long, so it goes on after the lock is gone.
    std::vector<SeriesPtr> found = SeriesOf(tenant, selector.metric);
    std::erase_if(found, [&](const SeriesPtr& series) { return !filter.Matches(series->key); });
    std::ranges::sort(found, [](const SeriesPtr& a, const SeriesPtr& b) { return a->key < b->key; });
    found.resize(std::min(found.size(), limit));
    std::vector<SeriesInfo> infos;
    infos.reserve(found.size());
    for (const SeriesPtr& series : found) {
      infos.push_back({series->id, series->key, FromUnixMs(series->first_seen_ms.load(std::memory_order_relaxed)),
                       FromUnixMs(series->newest_ms.load(std::memory_order_relaxed)),
                       series->revision.load(std::memory_order_relaxed)});
    }
    return infos;
  }

  std::vector<std::string> MetricNames(TenantId tenant) const override {
    const std::int64_t cutoff = retention_->CutoffMs(tenant, clock_.Now());
    std::vector<std::string> names;
    const auto lock = index_.Lock();
    const TenantSeries* owned = index_.Find(tenant);
    if (owned == nullptr) return names;
    for (const auto& [name, series] : owned->by_metric()) {
      if (std::ranges::any_of(series, [&](const SeriesPtr& one) { return IsVisible(*one, cutoff); })) {
        names.push_back(name);
      }
    }
    return names;
  }

  std::size_t ActiveSeries(TenantId tenant) const override {
    const std::int64_t since = ToUnixMs(clock_.Now() - kActiveWindow);
    const auto lock = index_.Lock();
    const TenantSeries* owned = index_.Find(tenant);
    if (owned == nullptr) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(owned->by_id(), [&](const auto& entry) {
      return entry.second->newest_ms.load(std::memory_order_relaxed) >= since && !IsInternal(entry.second->key);
    }));
  }

  bool Writable() const override { return journal_->Writable(); }

 private:
  struct Names {
    std::vector<SeriesKey> keys;
    std::unordered_map<std::uint32_t, Error> errors;  ///< of those that cannot be read
  };

  static Names ReadNames(const SampleBatch& batch) {
    Names names;
    names.keys.resize(batch.series.size());
    for (std::uint32_t i = 0; i < batch.series.size(); ++i) {
      if (auto key = batch.decode(batch.series[i])) {
        names.keys[i] = *std::move(key);
      } else {
        names.errors.emplace(i, std::move(key).error());
      }
    }
    return names;
  }

  /// Keeps the rows of readable names, and makes the callback that adds the others' rejections.
  static AppendCallback RejectBadSeries(const SampleBatch& batch, Names& names, std::vector<SampleBatch::Row>& kept,
                                        AppendCallback done) {
    std::vector<std::size_t> positions;
    std::vector<Rejection> rejected;
    for (std::size_t i = 0; i < batch.rows.size(); ++i) {
      const auto error = names.errors.find(batch.rows[i].series);
      if (error == names.errors.end()) {
        kept.push_back(batch.rows[i]);
        positions.push_back(i);
      } else {
        rejected.push_back({i, RejectReason::kBadSeries, error->second.reason, error->second.message});
      }
    }
    return [done = std::move(done), positions = std::move(positions),
            rejected = std::move(rejected)](Result<AppendOutcome> outcome) mutable {
      if (outcome) {
        for (Rejection& rejection : outcome->rejected) rejection.index = positions[rejection.index];
        std::ranges::move(rejected, std::back_inserter(outcome->rejected));
        std::ranges::sort(outcome->rejected, {}, &Rejection::index);
      }
      done(std::move(outcome));
    };
  }

  static bool IsVisible(const Series& series, std::int64_t cutoff) {
    const std::int64_t newest = series.newest_ms.load(std::memory_order_relaxed);
    return newest != kNever && newest >= cutoff;
  }

  /// The series of a metric, or all of them, that have a sample within retention.
  std::vector<SeriesPtr> SeriesOf(TenantId tenant, const std::string& metric) const {
    const std::int64_t cutoff = retention_->CutoffMs(tenant, clock_.Now());
    std::vector<SeriesPtr> found;
    const auto take = [&](const SeriesPtr& series) {
      if (IsVisible(*series, cutoff)) found.push_back(series);
    };
    const auto lock = index_.Lock();
    const TenantSeries* owned = index_.Find(tenant);
    if (owned == nullptr) return found;
    if (metric.empty()) {
      for (const auto& [id, series] : owned->by_id()) take(series);
    } else if (const auto at = owned->by_metric().find(metric); at != owned->by_metric().end()) {
      for (const SeriesPtr& series : at->second) take(series);
    }
    return found;
  }

  const EmbeddedStoreConfig config_;
  rocksdb::Env& env_;
  const Clock& clock_;
  StoreMetrics metrics_;
  const std::shared_ptr<RetentionTable> retention_ = std::make_shared<RetentionTable>();
  std::unique_ptr<SampleDb> db_;
  SeriesIndex index_;
  std::unique_ptr<Journal> journal_;  // last: it stops first
};

}  // namespace

Result<std::unique_ptr<SampleStore>> OpenEmbeddedStoreOn(const EmbeddedStoreConfig& config, rocksdb::Env& env,
                                                         const Clock& clock, obs::Metrics& metrics) {
  auto store = std::make_unique<EmbeddedStore>(config, env, clock, metrics);
  if (auto opened = store->Open(); !opened) {
    // Whatever part of it is damaged, to who opens the store it is the store.
    if (opened.error().code == ErrorCode::kDataCorruption) opened.error().reason = "tsdb.corrupt";
    return std::unexpected(std::move(opened).error());
  }
  return store;
}

Result<std::unique_ptr<SampleStore>> OpenEmbeddedStore(const EmbeddedStoreConfig& config, const Clock& clock,
                                                       obs::Metrics& metrics) {
  return OpenEmbeddedStoreOn(config, *rocksdb::Env::Default(), clock, metrics);
}

}  // namespace helios::tsdb
