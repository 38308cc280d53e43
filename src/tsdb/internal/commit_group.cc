// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/commit_group.h"

#include <algorithm>
#include <bit>

#include "tsdb/internal/limits.h"
#include "tsdb/internal/rejection.h"

namespace helios::tsdb {

CommitGroup::CommitGroup(const SampleDb& db, SeriesIndex& index, RetentionTable& retention, std::uint64_t first_free_id,
                         TimestampMs now)
    : db_(db),
      index_(index),
      retention_(retention),
      first_free_id_(first_free_id),
      first_id_(first_free_id),
      now_(now) {}

CommitGroup::~CommitGroup() {
  for (const StagedSeries& staged : series_) staged.series->staged_slot = -1;
}

Result<AppendOutcome> CommitGroup::Stage(TenantId tenant, const TenantPolicy& policy, const DecodedRows& batch) {
  StagedTenant& staged = tenants_[tenant];
  staged.retention = policy.raw_retention;
  const std::int64_t oldest = OldestKeptMs(policy.raw_retention, now_);
  const std::int64_t latest = ToUnixMs(now_ + kFutureTolerance);

  AppendOutcome outcome;
  const auto reject = [&outcome](std::size_t index, RejectReason reason, std::string detail) {
    outcome.rejected.push_back({index, reason, RejectCode(reason), std::move(detail)});
  };
  constexpr std::int32_t kUnresolved = -2;
  constexpr std::int32_t kRefused = -1;
  std::vector<std::int32_t> slots(batch.series.size(), kUnresolved);

  for (std::size_t i = 0; i < batch.rows.size(); ++i) {
    const SampleBatch::Row& row = batch.rows[i];
    const SeriesKey& key = batch.series[row.series];
    const std::int64_t time = ToUnixMs(row.time);
    const auto bits = std::bit_cast<std::uint64_t>(row.value);
    if (time > latest) {
      reject(i, RejectReason::kTooFarInFuture, DescribeTooFarInFuture(key, time, now_));
      continue;
    }
    if (time < oldest) {
      reject(i, RejectReason::kTooOld, DescribeTooOld(key, time, oldest));
      continue;
    }

    std::int32_t& slot = slots[row.series];
    if (slot == kUnresolved) {
      if (const auto known = Resolve(tenant, staged, key)) {
        slot = *known;
      } else {
        slot = MayCreate(tenant, staged, policy, key) ? Create(tenant, staged, key, time) : kRefused;
      }
    }
    if (slot == kRefused) {
      reject(i, RejectReason::kSeriesLimit, DescribeSeriesLimit(key, policy.max_active_series));
      continue;
    }

    const StagedSeries& series = series_[static_cast<std::size_t>(slot)];
    std::optional<std::uint64_t> stored;
    if (time == series.newest_ms) {
      stored = series.newest_bits;
    } else if (time < series.newest_ms && time >= series.first_ms) {
      HELIOS_TRY(stored, FindValue(slot, time));
    }
    // A repeated sample succeeds however old it is: a sender that missed the answer may come back late.
    if (stored == bits) {
      ++outcome.duplicates;
    } else if (!batch.any_order && time < series.newest_ms && time < series.newest_ms - kOutOfOrderWindow.count()) {
      reject(i, RejectReason::kOutOfOrder, DescribeOutOfOrder(key, time, series.newest_ms));
    } else if (stored) {
      reject(i, RejectReason::kConflict, DescribeConflict(key, time, bits, *stored));
    } else {
      Put(slot, time, bits);
      ++outcome.stored;
    }
  }
  return outcome;
}

std::optional<std::int32_t> CommitGroup::Resolve(TenantId tenant, StagedTenant& staged, const SeriesKey& key) {
  if (const Series* created = staged.created.Find(key)) return created->staged_slot;
  const TenantSeries* durable = index_.Find(tenant);
  Series* series = durable == nullptr ? nullptr : durable->Find(key);
  if (series == nullptr) return std::nullopt;
  if (series->staged_slot < 0) {
    series->staged_slot = static_cast<std::int32_t>(series_.size());
    series_.push_back({.tenant = tenant,
                       .series = series,
                       .created = false,
                       .first_seen_changed = false,
                       .first_ms = series->first_seen_ms.load(std::memory_order_relaxed),
                       .newest_ms = series->newest_ms.load(std::memory_order_relaxed),
                       .newest_bits = series->newest_bits});
  }
  return series->staged_slot;
}

bool CommitGroup::MayCreate(TenantId tenant, const StagedTenant& staged, const TenantPolicy& policy,
                            const SeriesKey& key) {
  if (IsInternal(key)) return true;
  TenantSeries* durable = index_.Find(tenant);
  if (durable == nullptr) return staged.created_limited < policy.max_active_series;
  // Counting walks all series, so it waits until there are enough of them to matter.
  if (durable->by_id().size() + staged.created_limited < policy.max_active_series) return true;
  return durable->CountActive(ToUnixMs(now_)) + staged.created_limited < policy.max_active_series;
}

std::int32_t CommitGroup::Create(TenantId tenant, StagedTenant& staged, const SeriesKey& key, std::int64_t time_ms) {
  auto series = std::make_shared<Series>(SeriesId{first_free_id_++}, key);
  const auto slot = static_cast<std::int32_t>(series_.size());
  series->staged_slot = slot;
  series->created_ms = ToUnixMs(now_);
  series_.push_back({.tenant = tenant,
                     .series = series.get(),
                     .created = true,
                     .first_seen_changed = true,
                     .first_ms = time_ms,
                     .newest_ms = kNever,
                     .newest_bits = 0});
  if (!IsInternal(key)) ++staged.created_limited;
  staged.created.Insert(std::move(series));
  return slot;
}

void CommitGroup::Put(std::int32_t slot, std::int64_t time_ms, std::uint64_t bits) {
  StagedSeries& series = series_[static_cast<std::size_t>(slot)];
  db_.PutSample(batch_, series.tenant, series.series->id, time_ms, bits);
  samples_.push_back({time_ms, bits, series.last_sample});
  series.last_sample = static_cast<std::int32_t>(samples_.size()) - 1;
  if (series.indexed) staged_values_.emplace(SampleId{slot, time_ms}, bits);
  if (time_ms < series.first_ms) {
    series.first_ms = time_ms;
    series.first_seen_changed = true;
  }
  if (time_ms > series.newest_ms) {
    series.newest_ms = time_ms;
    series.newest_bits = bits;
  }
}

Result<std::optional<std::uint64_t>> CommitGroup::FindValue(std::int32_t slot, std::int64_t time_ms) {
  StagedSeries& series = series_[static_cast<std::size_t>(slot)];
  // Most groups bring no sample out of order, and then this index is never built.
  if (!series.indexed) {
    series.indexed = true;
    for (std::int32_t at = series.last_sample; at >= 0;) {
      const StagedSample& sample = samples_[static_cast<std::size_t>(at)];
      staged_values_.emplace(SampleId{slot, sample.time_ms}, sample.bits);
      at = sample.previous;
    }
  }
  if (const auto at = staged_values_.find({slot, time_ms}); at != staged_values_.end()) return at->second;
  if (series.created) return std::nullopt;
  return db_.FindSample(series.tenant, series.series->id, time_ms);
}

rocksdb::WriteBatch& CommitGroup::Seal() {
  for (const StagedSeries& staged : series_) {
    if (!staged.first_seen_changed) continue;
    db_.PutSeries(batch_, staged.tenant, staged.series->id, staged.series->key, staged.first_ms);
  }
  if (first_free_id_ != first_id_) db_.PutFirstFreeSeriesId(batch_, first_free_id_);
  for (auto& [tenant, staged] : tenants_) {
    if (retention_.Find(tenant) == staged.retention) {
      staged.retention.reset();
    } else {
      db_.PutRetention(batch_, tenant, *staged.retention);
    }
  }
  return batch_;
}

void CommitGroup::Publish() {
  for (const auto& [tenant, staged] : tenants_) {
    if (staged.retention) retention_.Set(tenant, *staged.retention);
  }
  const std::int64_t active_since = ToUnixMs(now_ - kActiveWindow);
  std::vector<std::pair<TenantId, SeriesPtr>> created;
  for (const StagedSeries& staged : series_) {
    Series& series = *staged.series;
    const bool woke = !staged.created && series.active_ms() < active_since && staged.newest_ms >= active_since;
    series.first_seen_ms.store(staged.first_ms, std::memory_order_relaxed);
    series.newest_ms.store(staged.newest_ms, std::memory_order_relaxed);
    series.revision.fetch_add(1, std::memory_order_relaxed);
    series.newest_bits = staged.newest_bits;
    if (staged.created) created.emplace_back(staged.tenant, tenants_[staged.tenant].created.Find(series.id));
    if (woke && !IsInternal(series.key)) index_.Find(staged.tenant)->NoteActive();
  }
  if (created.empty()) return;
  index_.Insert(created);
  for (const auto& [tenant, series] : created) {
    if (!IsInternal(series->key)) index_.Find(tenant)->NoteActive();
  }
}

}  // namespace helios::tsdb
