// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/sample_db.h"

#include <rocksdb/cache.h>
#include <rocksdb/env.h>
#include <rocksdb/table.h>

#include <bit>
#include <cstring>
#include <limits>
#include <system_error>

#include "obs/log.h"

namespace helios::tsdb {
namespace {

constexpr std::uint64_t kFormatVersion = 1;
constexpr std::string_view kFormatKey = "format";
constexpr std::string_view kNextSeriesKey = "next_series";
constexpr std::string_view kRetentionPrefix = "retention:";  // then the tenant's 16 bytes

rocksdb::Slice AsSlice(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}
std::string_view AsView(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

std::string U64(std::uint64_t value) {
  std::string out;
  AppendU64(out, value);
  return out;
}

rocksdb::DBOptions MakeDbOptions(const EmbeddedStoreConfig& config, rocksdb::Env& env) {
  rocksdb::DBOptions options;
  options.env = &env;
  options.create_if_missing = true;
  options.create_missing_column_families = true;
  // Every group is synced before the next is written, so only the last record can be torn. Damage before it is
  // refused at open instead of cutting off what was acknowledged after it.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.max_background_jobs = 2;
  options.max_open_files = 512;
  options.max_total_wal_size = 4 * config.write_buffer_bytes;
  options.bytes_per_sync = 1 << 20;
  options.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  options.keep_log_file_num = 3;
  options.max_log_file_size = 4U << 20U;
  options.stats_dump_period_sec = 0;
  return options;
}

rocksdb::ColumnFamilyOptions MakeSmallOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = 8U << 20U;
  options.compression = rocksdb::kLZ4Compression;
  return options;
}

rocksdb::ColumnFamilyOptions MakeSampleOptions(const EmbeddedStoreConfig& config,
                                               const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions options;
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.block_size = 16U << 10U;
  table.format_version = 5;
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  options.write_buffer_size = config.write_buffer_bytes;
  options.compression = rocksdb::kLZ4Compression;
  options.bottommost_compression = rocksdb::kZSTD;
  // Each file is rewritten once a day at least, which is when the retention filter sees its samples.
  options.periodic_compaction_seconds = 24ULL * 60 * 60;
  return options;
}

std::unexpected<Error> OpenError(const EmbeddedStoreConfig& config, const rocksdb::Status& status) {
  const std::string cause = status.ToString();
  if (status.IsCorruption()) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt", "cannot open the sample store in {}: {}; restore a backup",
                config.directory.string(), cause);
  }
  if (status.IsIOError() && cause.find("/LOCK:") != std::string::npos) {
    return Fail(ErrorCode::kUnavailable, "tsdb.locked",
                "cannot open the sample store in {}: another process holds it ({})", config.directory.string(), cause);
  }
  return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open", "cannot open the sample store in {}: {}",
              config.directory.string(), cause);
}

}  // namespace

Error ReadError(const rocksdb::Status& status) {
  // RocksDB's words name files, which are for the operator and not for who asked.
  obs::LogError("tsdb.read_failed", {{"cause", status.ToString()}});
  if (status.IsCorruption()) {
    return Error{ErrorCode::kDataCorruption, "tsdb.bad_checksum",
                 "cannot read samples: what is stored is damaged; restore a backup"};
  }
  return Error{ErrorCode::kUnavailable, "tsdb.read_failed", "cannot read samples: the disk did not deliver them"};
}

Result<std::unique_ptr<SampleDb>> SampleDb::Open(const EmbeddedStoreConfig& config, rocksdb::Env& env,
                                                 std::shared_ptr<RetentionTable> retention, const Clock& clock) {
  std::error_code error;
  std::filesystem::create_directories(config.directory, error);
  if (error) {
    return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open", "cannot open the sample store in {}: {}",
                config.directory.string(), error.message());
  }
  const auto cache = rocksdb::NewLRUCache(config.block_cache_bytes);
  auto sample_options = MakeSampleOptions(config, cache);
  sample_options.compaction_filter_factory = MakeRetentionFilterFactory(retention, clock);
  const auto small_options = MakeSmallOptions(cache);
  const std::vector<rocksdb::ColumnFamilyDescriptor> families = {{rocksdb::kDefaultColumnFamilyName, small_options},
                                                                 {"samples", sample_options},
                                                                 {"series", small_options},
                                                                 {"meta", small_options}};
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* raw = nullptr;
  const auto status =
      rocksdb::DB::Open(MakeDbOptions(config, env), config.directory.string(), families, &handles, &raw);
  if (!status.ok()) return OpenError(config, status);

  auto opened = std::unique_ptr<SampleDb>(new SampleDb);
  opened->db_.reset(raw);
  opened->default_ = handles[0];
  opened->samples_ = handles[1];
  opened->series_ = handles[2];
  opened->meta_ = handles[3];
  HELIOS_CHECK(opened->LoadMeta(*retention));
  return opened;
}

SampleDb::~SampleDb() {
  if (!db_) return;
  for (auto* handle : {default_, samples_, series_, meta_}) {
    if (handle != nullptr) db_->DestroyColumnFamilyHandle(handle);
  }
  db_->Close();
}

Result<void> SampleDb::LoadMeta(RetentionTable& retention) {
  const auto corrupt = [](std::string_view key) {
    return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt", "cannot open the sample store: its entry '{}' is damaged",
                key);
  };
  std::string value;
  auto status = db_->Get({}, meta_, AsSlice(kFormatKey), &value);
  if (status.IsNotFound()) {
    rocksdb::WriteBatch batch;
    batch.Put(meta_, AsSlice(kFormatKey), U64(kFormatVersion));
    status = WriteSynced(batch);
    if (!status.ok()) {
      return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open", "cannot create the sample store: {}", status.ToString());
    }
    return {};
  }
  if (!status.ok()) return std::unexpected(ReadError(status));
  if (value.size() != 8) return corrupt(kFormatKey);
  if (const std::uint64_t version = LoadU64(value.data()); version != kFormatVersion) {
    return Fail(ErrorCode::kUnavailable, "tsdb.cannot_open",
                "cannot open the sample store: its format is unknown; got version {}; want {}", version,
                kFormatVersion);
  }
  status = db_->Get({}, meta_, AsSlice(kNextSeriesKey), &value);
  if (status.ok()) {
    if (value.size() != 8) return corrupt(kNextSeriesKey);
    first_free_series_id_ = LoadU64(value.data());
  } else if (!status.IsNotFound()) {
    return std::unexpected(ReadError(status));
  }
  const std::unique_ptr<rocksdb::Iterator> at(db_->NewIterator({}, meta_));
  for (at->Seek(AsSlice(kRetentionPrefix)); at->Valid() && at->key().starts_with(AsSlice(kRetentionPrefix));
       at->Next()) {
    if (at->key().size() != kRetentionPrefix.size() + 16 || at->value().size() != 8) return corrupt(kRetentionPrefix);
    retention.Set(TenantOfKey(AsView(at->key()).substr(kRetentionPrefix.size())),
                  std::chrono::hours{std::bit_cast<std::int64_t>(LoadU64(at->value().data()))});
  }
  if (!at->status().ok()) return std::unexpected(ReadError(at->status()));
  return {};
}

Result<std::optional<std::uint64_t>> SampleDb::FindSample(TenantId tenant, SeriesId series,
                                                          std::int64_t time_ms) const {
  const SampleDiskKey key(tenant, series, time_ms);
  rocksdb::PinnableSlice value;
  const auto status = db_->Get({}, samples_, AsSlice(key.bytes()), &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return std::unexpected(ReadError(status));
  if (value.size() != 8) return std::unexpected(ReadError(rocksdb::Status::Corruption("a value is not 8 bytes long")));
  return LoadU64(value.data());
}

Result<void> SampleDb::ForEachSeries(const std::function<void(StoredSeries)>& visit) const {
  const std::unique_ptr<rocksdb::Iterator> series(db_->NewIterator({}, series_));
  const std::unique_ptr<rocksdb::Iterator> samples(db_->NewIterator({}, samples_));
  for (series->SeekToFirst(); series->Valid(); series->Next()) {
    const std::string_view key = AsView(series->key());
    if (key.size() != kSeriesKeyBytes) {
      return Fail(ErrorCode::kDataCorruption, "tsdb.corrupt",
                  "cannot open the sample store: the key of a series is damaged; got {} bytes; want {}", key.size(),
                  kSeriesKeyBytes);
    }
    StoredSeries stored{.tenant = TenantOfKey(key), .id = SeriesOfKey(key), .entry = {}, .newest_ms = {}};
    HELIOS_TRY(stored.entry, DecodeSeriesEntry(AsView(series->value())));
    const SampleDiskKey last(stored.tenant, stored.id, std::numeric_limits<std::int64_t>::max());
    samples->SeekForPrev(AsSlice(last.bytes()));
    if (!samples->Valid() && !samples->status().ok()) return std::unexpected(ReadError(samples->status()));
    if (samples->Valid() && samples->key().starts_with(AsSlice(key)) && samples->key().size() == kSampleKeyBytes &&
        samples->value().size() == 8) {
      stored.newest_ms = TimeOfSampleKey(AsView(samples->key()));
      stored.newest_bits = LoadU64(samples->value().data());
    }
    visit(std::move(stored));
  }
  if (!series->status().ok()) return std::unexpected(ReadError(series->status()));
  return {};
}

void SampleDb::PutSample(rocksdb::WriteBatch& batch, TenantId tenant, SeriesId series, std::int64_t time_ms,
                         std::uint64_t bits) const {
  const std::uint64_t value = __builtin_bswap64(bits);
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  batch.Put(samples_, AsSlice(SampleDiskKey(tenant, series, time_ms).bytes()), {bytes, sizeof bytes});
}

void SampleDb::PutSeries(rocksdb::WriteBatch& batch, TenantId tenant, SeriesId series, const SeriesKey& key,
                         std::int64_t first_seen_ms) const {
  batch.Put(series_, SeriesDiskKey(tenant, series), EncodeSeriesEntry(key, first_seen_ms));
}

void SampleDb::DeleteSeries(rocksdb::WriteBatch& batch, TenantId tenant, SeriesId series) const {
  batch.Delete(series_, SeriesDiskKey(tenant, series));
}

void SampleDb::PutRetention(rocksdb::WriteBatch& batch, TenantId tenant, std::chrono::hours retention) const {
  std::string key(kRetentionPrefix);
  for (const std::uint8_t byte : tenant.value.bytes) key += static_cast<char>(byte);
  batch.Put(meta_, key, U64(std::bit_cast<std::uint64_t>(static_cast<std::int64_t>(retention.count()))));
}

void SampleDb::PutFirstFreeSeriesId(rocksdb::WriteBatch& batch, std::uint64_t id) const {
  batch.Put(meta_, AsSlice(kNextSeriesKey), U64(id));
}

rocksdb::Status SampleDb::WriteSynced(rocksdb::WriteBatch& batch) const {
  rocksdb::WriteOptions options;
  options.sync = true;
  return db_->Write(options, &batch);
}

}  // namespace helios::tsdb
