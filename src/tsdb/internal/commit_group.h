// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "tsdb/internal/append_queue.h"
#include "tsdb/internal/sample_db.h"
#include "tsdb/internal/series_index.h"
#include "tsdb/sample_store.h"

namespace helios::tsdb {

/// The batches that one write and one fdatasync make durable.
///
/// Stage() checks each batch against what is durable and what was staged before it; nothing anyone can see
/// changes before Publish(). Dropped without Publish(), it leaves no trace. The journal's thread alone uses it.
class CommitGroup {
 public:
  CommitGroup(const SampleDb& db, SeriesIndex& index, RetentionTable& retention, std::uint64_t first_free_id,
              TimestampMs now);
  ~CommitGroup();
  CommitGroup(const CommitGroup&) = delete;
  CommitGroup& operator=(const CommitGroup&) = delete;

  /// Requires that every row names a series of the batch.
  /// Errors: those of SampleDb::FindSample(); the group must then be dropped, for the batch is half staged.
  [[nodiscard]] Result<AppendOutcome> Stage(TenantId tenant, const TenantPolicy& policy, const DecodedRows& batch);

  /// All that is to be written; once, after the last Stage(). Empty where every sample was known already.
  [[nodiscard]] rocksdb::WriteBatch& Seal();

  /// Makes the group visible, after it is durable.
  void Publish();

  [[nodiscard]] std::uint64_t first_free_id() const { return first_free_id_; }

 private:
  struct StagedTenant {
    TenantSeries created;             ///< series that this group brings into being
    std::size_t created_limited = 0;  ///< of them, those that count against the limit
    std::optional<std::chrono::hours> retention;
  };
  struct StagedSeries {
    TenantId tenant;
    Series* series;
    bool created;
    bool first_seen_changed;
    bool indexed = false;  ///< its samples of this group are in staged_values_
    std::int64_t first_ms;
    std::int64_t newest_ms;
    std::uint64_t newest_bits;
    std::int32_t last_sample = -1;  ///< position in samples_, head of a chain
  };
  struct StagedSample {
    std::int64_t time_ms;
    std::uint64_t bits;
    std::int32_t previous;  ///< of the same series, or -1
  };
  struct SampleId {
    std::int32_t slot;
    std::int64_t time_ms;
    bool operator==(const SampleId&) const = default;
  };
  struct SampleIdHash {
    std::size_t operator()(const SampleId& id) const noexcept {
      return static_cast<std::size_t>((static_cast<std::uint64_t>(id.time_ms) ^
                                       (static_cast<std::uint64_t>(static_cast<std::uint32_t>(id.slot)) << 32U)) *
                                      0x9e3779b97f4a7c15ULL);
    }
  };

  /// The series' slot; none where it does not exist yet.
  std::optional<std::int32_t> Resolve(TenantId tenant, StagedTenant& staged, const SeriesKey& key);
  [[nodiscard]] bool MayCreate(TenantId tenant, const StagedTenant& staged, const TenantPolicy& policy,
                               const SeriesKey& key);
  std::int32_t Create(TenantId tenant, StagedTenant& staged, const SeriesKey& key, std::int64_t time_ms);
  void Put(std::int32_t slot, std::int64_t time_ms, std::uint64_t bits);
  Result<std::optional<std::uint64_t>> FindValue(std::int32_t slot, std::int64_t time_ms);

  const SampleDb& db_;
  SeriesIndex& index_;
  RetentionTable& retention_;
  std::uint64_t first_free_id_;
  const std::uint64_t first_id_;
  const TimestampMs now_;

  rocksdb::WriteBatch batch_;
  std::unordered_map<TenantId, StagedTenant> tenants_;
  std::vector<StagedSeries> series_;
  std::vector<StagedSample> samples_;
  std::unordered_map<SampleId, std::uint64_t, SampleIdHash> staged_values_;
};

}  // namespace helios::tsdb
