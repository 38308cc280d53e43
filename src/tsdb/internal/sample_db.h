// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "tsdb/embedded_store.h"
#include "tsdb/internal/codec.h"
#include "tsdb/internal/retention.h"

namespace helios::tsdb {

/// Logs a failed read and makes its error: kDataCorruption tsdb.bad_checksum or kUnavailable tsdb.read_failed.
[[nodiscard]] Error ReadError(const rocksdb::Status& status);

/// RocksDB with the store's column families and settings. Thread-safe as RocksDB is.
class SampleDb {
 public:
  /// `env` and `clock` must outlive it. Errors: those of OpenEmbeddedStore().
  [[nodiscard]] static Result<std::unique_ptr<SampleDb>> Open(const EmbeddedStoreConfig& config, rocksdb::Env& env,
                                                              std::shared_ptr<RetentionTable> retention,
                                                              const Clock& clock);
  ~SampleDb();
  SampleDb(const SampleDb&) = delete;
  SampleDb& operator=(const SampleDb&) = delete;

  [[nodiscard]] rocksdb::DB& db() const { return *db_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* samples() const { return samples_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* series() const { return series_; }
  [[nodiscard]] rocksdb::ColumnFamilyHandle* meta() const { return meta_; }

  /// The bits stored at that time, if any. Errors: ReadError().
  [[nodiscard]] Result<std::optional<std::uint64_t>> FindSample(TenantId tenant, SeriesId series,
                                                                std::int64_t time_ms) const;

  struct StoredSeries {
    TenantId tenant;
    SeriesId id;
    SeriesEntry entry;
    std::optional<std::int64_t> newest_ms;  ///< none where no sample is left
    std::uint64_t newest_bits = 0;
  };
  /// Every series with its newest sample. Errors: kDataCorruption tsdb.corrupt, and ReadError().
  [[nodiscard]] Result<void> ForEachSeries(const std::function<void(StoredSeries)>& visit) const;

  [[nodiscard]] std::uint64_t first_free_series_id() const { return first_free_series_id_; }

  // What a commit writes goes into one batch:
  void PutSample(rocksdb::WriteBatch& batch, TenantId tenant, SeriesId series, std::int64_t time_ms,
                 std::uint64_t bits) const;
  void PutSeries(rocksdb::WriteBatch& batch, TenantId tenant, SeriesId series, const SeriesKey& key,
                 std::int64_t first_seen_ms) const;
  void DeleteSeries(rocksdb::WriteBatch& batch, TenantId tenant, SeriesId series) const;
  void PutRetention(rocksdb::WriteBatch& batch, TenantId tenant, std::chrono::hours retention) const;
  void PutFirstFreeSeriesId(rocksdb::WriteBatch& batch, std::uint64_t id) const;

  /// Writes `batch` whole and durably: it returns after the fdatasync of the write-ahead log.
  [[nodiscard]] rocksdb::Status WriteSynced(rocksdb::WriteBatch& batch) const;

 private:
  SampleDb() = default;
  [[nodiscard]] Result<void> LoadMeta(RetentionTable& retention);

  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* default_ = nullptr;
  rocksdb::ColumnFamilyHandle* samples_ = nullptr;
  rocksdb::ColumnFamilyHandle* series_ = nullptr;
  rocksdb::ColumnFamilyHandle* meta_ = nullptr;
  std::uint64_t first_free_series_id_ = 1;
};

}  // namespace helios::tsdb
