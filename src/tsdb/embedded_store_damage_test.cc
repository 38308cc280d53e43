// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Damaged tables: what is in them is lost and said to be, and everything else goes on.
#include <gtest/gtest.h>
#include <rocksdb/sst_file_reader.h>

#include <array>
#include <bit>
#include <fstream>
#include <map>
#include <thread>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/internal/chunk_db.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};
const TenantId kAcme = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const TenantId kGlobex = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad92").value();

void FlipByte(const fs::path& path, std::uint64_t offset) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  const int byte = file.get();
  file.seekp(static_cast<std::streamoff>(offset));
  file.put(static_cast<char>(byte ^ 0x40));
}

/// Where a table is damaged, or how.
enum class Spot : std::uint8_t { kBlock, kFooter, kHalf, kGone };

/// Damages the largest table below `directory`.
void DamageLargest(const fs::path& directory, Spot spot) {
  fs::path largest;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.path().extension() != ".sst") continue;
    if (largest.empty() || fs::file_size(entry.path()) > fs::file_size(largest)) largest = entry.path();
  }
  ASSERT_FALSE(largest.empty());
  const std::uint64_t size = fs::file_size(largest);
  switch (spot) {
    case Spot::kBlock: FlipByte(largest, size / 3); break;
    case Spot::kFooter: FlipByte(largest, size - 50); break;
    case Spot::kHalf: fs::resize_file(largest, size / 2); break;
    case Spot::kGone: fs::remove(largest); break;
  }
}

class EmbeddedStoreDamage : public testing::TestWithParam<Spot> {
 protected:
  using Samples = std::map<std::int64_t, std::uint64_t>;  ///< bits by time

  EmbeddedStoreDamage() {
    config_.directory = directory_.path() / "store";
    config_.segment_bytes = 4U << 20U;
    config_.min_free_bytes = 0;
    config_.sweep_interval = 1h;  // days are looked after when a test says so
  }

  void Open() {
    store_.reset();
    auto opened = OpenEmbeddedStore(config_, clock_, metrics_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = *std::move(opened);
  }

  /// Random values, which are large on disk.
  void Append(TenantId tenant, const std::string& metric, TimestampMs first, int count) {
    KeyedBatch batch(SeriesKey{metric, {}});
    for (int i = 0; i < count; ++i) {
      noise_ = noise_ * 6364136223846793005ULL + 1;
      const auto value = static_cast<double>(noise_);
      batch.AddSample(0, first + std::chrono::seconds(i), value);
      stored_[{tenant, metric}][ToUnixMs(first + std::chrono::seconds(i))] = std::bit_cast<std::uint64_t>(value);
    }
    const auto outcome = AppendAndWait(*store_, tenant, policy_, batch);
    ASSERT_TRUE(outcome.has_value()) << outcome.error().message;
    ASSERT_EQ(outcome->stored, static_cast<std::size_t>(count));
  }

  Result<std::vector<ReadSample>> Read(TenantId tenant, const std::string& metric) {
    const auto found = store_->FindSeries(tenant, {metric, {}}, 1).value();
    if (found.empty()) return {};
    return Drain(store_->Read(tenant, found.front().id, kAlways));
  }

  /// How many samples of the series are missing. What is there must be what was stored.
  std::size_t Missing(TenantId tenant, const std::string& metric) {
    const Samples& stored = stored_[{tenant, metric}];
    const auto read = Read(tenant, metric);
    EXPECT_TRUE(read.has_value()) << metric << ": " << read.error().message;
    if (!read) return stored.size();
    for (const ReadSample& sample : *read) {
      const auto at = stored.find(sample.time_ms);
      EXPECT_TRUE(at != stored.end() && at->second == sample.bits) << metric << ": a value that nobody stored";
    }
    return stored.size() - read->size();
  }

  double Metric(std::string_view name) const {
    const std::string text = metrics_.Render();
    const auto at = text.find("\n" + std::string(name) + " ");
    return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
  }

  /// Nothing of what the damage cost may keep the store from its work.
  void ExpectToGoOn() {
    for (int i = 0; i < 6; ++i) {
      const TimestampMs at = clock_.Now();
      ASSERT_NO_FATAL_FAILURE(Append(kAcme, "new", at, 100));
      ASSERT_NO_FATAL_FAILURE(Append(kGlobex, "new", at, 100));
      const auto flushed = store_->Flush();
      ASSERT_TRUE(flushed.has_value()) << flushed.error().message;
      clock_.Advance(7h);
      const auto kept = store_->KeepDays();
      ASSERT_TRUE(kept.has_value()) << kept.error().message;
    }
    EXPECT_EQ(Missing(kAcme, "new"), 0U);
    EXPECT_EQ(Missing(kGlobex, "new"), 0U);
  }

  /// The families of chunks on disk, once the store is closed.
  std::vector<std::string> FamiliesOf(const fs::path& database) {
    store_.reset();
    std::vector<std::string> names;
    EXPECT_TRUE(rocksdb::DB::ListColumnFamilies({}, database.string(), &names).ok());
    std::erase_if(names, [](const std::string& name) { return !ChunkFamilies::NumberOf(name); });
    return names;
  }

  ScratchDirectory directory_;
  ManualClock clock_{kNow};
  obs::Metrics metrics_;
  EmbeddedStoreConfig config_;
  TenantPolicy policy_;
  std::uint64_t noise_ = 1;
  std::map<std::pair<TenantId, std::string>, Samples> stored_;
  std::unique_ptr<EmbeddedStore> store_;
};

TEST_P(EmbeddedStoreDamage, FoundWhenTheStoreOpensOrLaterCostsTheTableAndNothingElse) {
  ASSERT_NO_FATAL_FAILURE(Open());
  // Flushes of two tenants each: the tables' ranges of keys overlap. The first one is the largest.
  for (int flush = 0; flush < 3; ++flush) {
    const TimestampMs first = kNow - 100h + flush * 3h;
    for (const TenantId tenant : {kAcme, kGlobex}) {
      for (const std::string metric : {"a", "b", "c"}) {
        ASSERT_NO_FATAL_FAILURE(Append(tenant, metric, first, flush == 0 ? 6000 : 1000));
      }
    }
    ASSERT_TRUE(store_->Flush().has_value());
  }
  store_.reset();
  ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "chunks", GetParam()));

  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_FALSE(store_->Verify().has_value());  // until what is lost is known, it is an error and no gap
  EXPECT_EQ(store_->Verify().error().reason, "tsdb.bad_checksum");
  ASSERT_NO_FATAL_FAILURE(ExpectToGoOn());

  std::size_t missing = 0;
  for (const TenantId tenant : {kAcme, kGlobex}) {
    for (const std::string metric : {"a", "b", "c"}) {
      const std::size_t of_series = Missing(tenant, metric);
      EXPECT_TRUE(of_series == 0 || of_series == 6000) << of_series;
      missing += of_series;
    }
  }
  EXPECT_GT(missing, 0U);
  if (GetParam() == Spot::kBlock) EXPECT_LE(missing, 2 * 6000U);  // of a table, one block
  const auto contents = store_->Verify();
  ASSERT_TRUE(contents.has_value()) << contents.error().message;
  EXPECT_GE(contents->lost_chunks, missing / 6000);
  EXPECT_EQ(Metric("helios_tsdb_lost_chunks"), static_cast<double>(contents->lost_chunks));

  ASSERT_NO_FATAL_FAILURE(Open());  // the loss is not forgotten
  EXPECT_EQ(Metric("helios_tsdb_lost_chunks"), static_cast<double>(contents->lost_chunks));
  EXPECT_TRUE(store_->Verify().has_value());
  EXPECT_EQ(FamiliesOf(config_.directory / "chunks"), std::vector<std::string>{"chunks-1"});
}

TEST_P(EmbeddedStoreDamage, OfACompactedDayOrOfItsRollupsCostsTheTableAndNothingElse) {
  policy_.raw_retention = 24h * 7;
  policy_.rollup_retention = 24h * 60;
  ASSERT_NO_FATAL_FAILURE(Open());
  for (const TenantId tenant : {kAcme, kGlobex}) {
    ASSERT_NO_FATAL_FAILURE(Append(tenant, "old", kNow - 6 * 24h, 60'000));
    ASSERT_NO_FATAL_FAILURE(Append(tenant, "young", kNow - 2 * 24h, 6000));
  }
  ASSERT_TRUE(store_->Flush().has_value());
  ASSERT_TRUE(store_->KeepDays().has_value());
  clock_.Advance(3 * 24h);
  ASSERT_TRUE(store_->KeepDays().has_value());  // of "old" there are rollups now
  ASSERT_NO_FATAL_FAILURE(Open());
  const auto before = store_->Verify();
  ASSERT_TRUE(before.has_value());
  EXPECT_GT(before->rollups, 0U);
  store_.reset();
  ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "chunks", GetParam()));

  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(store_->Verify().error().reason, "tsdb.bad_checksum");  // nothing else would read the days' blocks
  const auto kept = store_->KeepDays();
  ASSERT_TRUE(kept.has_value()) << kept.error().message;
  const auto after = store_->Verify();
  ASSERT_TRUE(after.has_value()) << after.error().message;
  EXPECT_LT(after->samples + after->rollups, before->samples + before->rollups);
  EXPECT_GT(after->lost_chunks, 0U);
  ASSERT_NO_FATAL_FAILURE(ExpectToGoOn());
}

TEST_P(EmbeddedStoreDamage, OfATenantsOwnDatabaseConcernsThatTenantAlone) {
  policy_.isolation = Isolation::kOwnDirectory;
  ASSERT_NO_FATAL_FAILURE(Open());
  for (const TenantId tenant : {kAcme, kGlobex}) ASSERT_NO_FATAL_FAILURE(Append(tenant, "a", kNow - 100h, 6000));
  ASSERT_TRUE(store_->Flush().has_value());
  for (const TenantId tenant : {kAcme, kGlobex}) ASSERT_NO_FATAL_FAILURE(Append(tenant, "b", kNow - 100h, 1000));
  store_.reset();
  ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "tenants" / kAcme.ToString(), GetParam()));
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(Read(kAcme, "a").error().reason, "tsdb.bad_checksum");
  EXPECT_EQ(Missing(kGlobex, "a"), 0U);
  ASSERT_NO_FATAL_FAILURE(ExpectToGoOn());
  EXPECT_EQ(Missing(kAcme, "a"), 6000U);
  EXPECT_EQ(Missing(kAcme, "b"), 0U);
  EXPECT_EQ(Missing(kGlobex, "a"), 0U);
  EXPECT_EQ(Missing(kGlobex, "b"), 0U);
}

TEST_P(EmbeddedStoreDamage, OfARunningStoreStopsNoFlushWhenCompactionMeetsIt) {
  ASSERT_NO_FATAL_FAILURE(Open());
  const auto flush = [&](int count) {
    const TimestampMs first = clock_.Now() - 1h;
    for (const TenantId tenant : {kAcme, kGlobex}) ASSERT_NO_FATAL_FAILURE(Append(tenant, "a", first, count));
    const auto flushed = store_->Flush();
    ASSERT_TRUE(flushed.has_value()) << flushed.error().message;
    clock_.Advance(1h);
  };
  // Ranges overlap, so from the fourth table on RocksDB compacts; at the latest where it reads the damaged one.
  ASSERT_NO_FATAL_FAILURE(flush(3000));
  ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "chunks", GetParam()));
  for (int i = 0; i < 12; ++i) ASSERT_NO_FATAL_FAILURE(flush(100));
  std::this_thread::sleep_for(100ms);
  ASSERT_NO_FATAL_FAILURE(flush(100));
  clock_.Advance(24h);
  const auto kept = store_->KeepDays();
  ASSERT_TRUE(kept.has_value()) << kept.error().message;
  const std::size_t missing = Missing(kAcme, "a") + Missing(kGlobex, "a");
  EXPECT_TRUE(missing == 0 || missing == 3000 || missing == 6000) << missing;
  if (GetParam() == Spot::kBlock) EXPECT_GT(missing, 0U);  // what is needed to find a block was read when it was whole
  if (missing > 0) EXPECT_GE(Metric("helios_tsdb_lost_chunks"), 1);
}

TEST_P(EmbeddedStoreDamage, OnceMoreIsOvercomeOnceMore) {
  ASSERT_NO_FATAL_FAILURE(Open());
  for (int time = 0; time < 3; ++time) {
    const std::string metric = fmt::format("lost-{}", time);
    ASSERT_NO_FATAL_FAILURE(Append(kAcme, metric, kNow - 100h, 10'000));
    ASSERT_TRUE(store_->Flush().has_value());
    ASSERT_NO_FATAL_FAILURE(Append(kAcme, fmt::format("kept-{}", time), kNow - 100h, 100));
    store_.reset();
    ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "chunks", GetParam()));
    ASSERT_NO_FATAL_FAILURE(Open());
    const auto kept = store_->KeepDays();
    ASSERT_TRUE(kept.has_value()) << kept.error().message;
    EXPECT_EQ(Missing(kAcme, metric), 10'000U);
    for (int earlier = 0; earlier <= time; ++earlier) EXPECT_EQ(Missing(kAcme, fmt::format("kept-{}", earlier)), 0U);
  }
}

TEST_P(EmbeddedStoreDamage, IsNotBroughtBackWithABackupOrADeletedSeries) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Append(kAcme, "lost", kNow - 100h, 6000));
  ASSERT_TRUE(store_->Flush().has_value());
  ASSERT_NO_FATAL_FAILURE(Append(kAcme, "gone", kNow - 100h, 100));
  ASSERT_NO_FATAL_FAILURE(Append(kAcme, "kept", kNow - 100h, 100));
  ASSERT_TRUE(store_->Flush().has_value());
  store_.reset();
  ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "chunks", GetParam()));
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(store_->DeleteSeries(kAcme, {"gone", {}}).value(), 1U);
  const auto backup = directory_.path() / "backup";
  ASSERT_TRUE(store_->BackUp(backup).has_value());
  for (const bool from_backup : {false, true}) {
    if (from_backup) config_.directory = backup;
    ASSERT_NO_FATAL_FAILURE(Open());
    ASSERT_TRUE(store_->KeepDays().has_value());
    EXPECT_EQ(Missing(kAcme, "lost"), 6000U);
    EXPECT_EQ(Missing(kAcme, "kept"), 0U);
    EXPECT_TRUE(store_->FindSeries(kAcme, {"gone", {}}, 1).value().empty());
    EXPECT_TRUE(store_->Verify().has_value());
  }
}

std::string NameOf(const testing::TestParamInfo<Spot>& info) {
  constexpr std::array kNames = {"ABlock", "AFooter", "ASecondHalf", "AWholeFile"};
  return kNames[static_cast<std::size_t>(info.param)];
}

INSTANTIATE_TEST_SUITE_P(Of, EmbeddedStoreDamage, testing::Values(Spot::kBlock, Spot::kFooter), &NameOf);

/// Five days of flushes that nobody compacted yet; the table of one of them is damaged.
class EmbeddedStoreDayDamage : public EmbeddedStoreDamage {
 protected:
  static constexpr int kDays = 5;
  static constexpr int kDamaged = 2;
  static constexpr int kSeries = 20;
  static constexpr int kOfDamagedDay = 600;

  static std::string Metric(int day, int series) { return fmt::format("d{}-s{}", day, series); }
  static int CountOf(int day) { return day == kDamaged ? kOfDamagedDay : 100; }

  void Fill() {
    for (int day = 0; day < kDays; ++day) {
      for (const TenantId tenant : {kAcme, kGlobex}) {
        for (int series = 0; series < kSeries; ++series) {
          Append(tenant, Metric(day, series), kNow - 24h * (6 - day), CountOf(day));
        }
      }
      ASSERT_TRUE(store_->Flush().has_value());
    }
  }
  std::size_t MissingOf(int day) {
    std::size_t missing = 0;
    for (const TenantId tenant : {kAcme, kGlobex}) {
      for (int series = 0; series < kSeries; ++series) {
        const std::size_t of_series = Missing(tenant, Metric(day, series));
        EXPECT_TRUE(of_series == 0 || of_series == static_cast<std::size_t>(CountOf(day))) << Metric(day, series);
        missing += of_series;
      }
    }
    return missing;
  }
  /// Days of samples on disk that still have chunks of flushes, once the store is closed.
  std::size_t CountUncompactedDays() {
    store_.reset();
    auto opened = ChunkDb::Open(config_.directory / "chunks",
                                {.env = rocksdb::Env::Default(), .cache = nullptr, .write_buffers = nullptr});
    if (!opened) {
      ADD_FAILURE() << opened.error().message;
      return 0;
    }
    std::size_t count = 0;
    for (std::uint32_t tenant = 0; tenant < 10; ++tenant) {
      for (const ChunkMap::Day& day : (*opened)->map().Days(tenant, ChunkKind::kSamples, 0, 100'000)) {
        count += day.flushes.empty() ? 0 : 1;
      }
    }
    return count;
  }
};

TEST_P(EmbeddedStoreDayDamage, MetByTheDaysCompactionLosesNothingReadableAndLetsOtherDaysGoOn) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Fill());
  EXPECT_EQ(CountUncompactedDays(), 2U * kDays);
  ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "chunks", GetParam()));
  ASSERT_NO_FATAL_FAILURE(Open());
  const auto kept = store_->KeepDays();
  ASSERT_TRUE(kept.has_value()) << kept.error().message;

  for (int day = 0; day < kDays; ++day) {
    if (day != kDamaged) EXPECT_EQ(MissingOf(day), 0U) << day;
  }
  const std::size_t missing = MissingOf(kDamaged);
  EXPECT_GT(missing, 0U);
  if (GetParam() == Spot::kBlock) EXPECT_LT(missing, 2U * kSeries * kOfDamagedDay / 4);  // one block, of some 16 KiB
  const auto contents = store_->Verify();
  ASSERT_TRUE(contents.has_value()) << contents.error().message;
  EXPECT_GE(contents->lost_chunks, missing / kOfDamagedDay);
  EXPECT_EQ(EmbeddedStoreDamage::Metric("helios_tsdb_lost_chunks"), static_cast<double>(contents->lost_chunks));
  EXPECT_EQ(CountUncompactedDays(), 0U);
}

TEST_P(EmbeddedStoreDayDamage, OfARunningStoreIsCountedAndCostsNoOtherDay) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_NO_FATAL_FAILURE(Fill());
  ASSERT_NO_FATAL_FAILURE(DamageLargest(config_.directory / "chunks", GetParam()));
  const auto kept = store_->KeepDays();
  ASSERT_TRUE(kept.has_value()) << kept.error().message;
  std::size_t missing = 0;
  for (int day = 0; day < kDays; ++day) {
    const std::size_t of_day = MissingOf(day);
    if (day != kDamaged) EXPECT_EQ(of_day, 0U) << day;
    missing += of_day;
  }
  if (missing > 0) EXPECT_GE(EmbeddedStoreDamage::Metric("helios_tsdb_lost_chunks"), 1);
  EXPECT_TRUE(store_->Verify().has_value());
  EXPECT_EQ(CountUncompactedDays(), 0U);
}

INSTANTIATE_TEST_SUITE_P(Of, EmbeddedStoreDayDamage,
                         testing::Values(Spot::kBlock, Spot::kFooter, Spot::kHalf, Spot::kGone), &NameOf);

/// One database of chunks, whose tables are damaged while it is open.
class ChunkDbDamage : public testing::Test {
 protected:
  void Open() {
    db_.reset();
    auto opened = ChunkDb::Open(directory_.path() / "db",
                                {.env = rocksdb::Env::Default(), .cache = nullptr, .write_buffers = nullptr});
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    db_ = *std::move(opened);
  }
  static std::string Key(std::int32_t day, std::uint32_t flush, std::uint64_t series) {
    return EncodeChunkKey({1, ChunkKind::kSamples, day, flush, SeriesId{series}});
  }
  Result<void> Ingest(std::int32_t day, std::uint32_t flush) {
    ChunkIngestion ingestion(*db_, fmt::format("{}-{}", day, flush));
    for (std::uint64_t series = 1; series <= 100; ++series) {
      HELIOS_CHECK(ingestion.Put(Family::kChunks, Key(day, flush, series), std::string(1000, 'x')));
    }
    HELIOS_CHECK(ingestion.Put(Family::kMeta, EncodeChunkPlace({1, ChunkKind::kSamples, day, flush, {}}), ""));
    HELIOS_CHECK(ingestion.Commit());
    db_->map().Add(1, ChunkKind::kSamples, day, flush);
    return {};
  }
  void DamageAll() const {
    for (const auto& entry : fs::directory_iterator(directory_.path() / "db")) {
      if (entry.path().extension() == ".sst" && fs::file_size(entry.path()) > 50'000) FlipByte(entry.path(), 40'000);
    }
  }

  ScratchDirectory directory_;
  std::unique_ptr<ChunkDb> db_;
};

TEST_F(ChunkDbDamage, FoundByCompactionKeepsNothingFromBeingWritten) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Ingest(10, 1).has_value());
  ASSERT_NO_FATAL_FAILURE(Open());  // nothing of it is in a cache
  DamageAll();
  EXPECT_FALSE(db_->damage_found());
  const auto compacted = db_->db().CompactRange(
      [] {
        rocksdb::CompactRangeOptions options;
        options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
        return options;
      }(),
      db_->family(Family::kChunks), nullptr, nullptr);
  EXPECT_TRUE(compacted.IsCorruption()) << compacted.ToString();
  EXPECT_TRUE(db_->damage_found());

  ASSERT_TRUE(Ingest(11, 2).has_value());
  ChunkEdit edit;
  edit.Put(db_->family(Family::kMeta), "some", "thing");
  EXPECT_TRUE(db_->Write(edit).has_value());

  ASSERT_TRUE(db_->SetAside().has_value());
  EXPECT_FALSE(db_->damage_found());
  ASSERT_TRUE(Ingest(10, 3).has_value());
  rocksdb::PinnableSlice value;
  EXPECT_TRUE(db_->Get(Family::kChunks, Key(10, 3, 1), nullptr, value).value());
  EXPECT_TRUE(db_->Get(Family::kChunks, Key(11, 2, 1), nullptr, value).value());
  EXPECT_TRUE(db_->Get(Family::kChunks, Key(10, 1, 1), nullptr, value).value());  // of a whole block
}

TEST_F(ChunkDbDamage, IsFoundByVerifyingTheRangeThatHasIt) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Ingest(10, 1).has_value());
  ASSERT_NO_FATAL_FAILURE(Open());
  DamageAll();
  ASSERT_TRUE(Ingest(11, 2).has_value());
  EXPECT_TRUE(db_->VerifyChunks(Key(11, 0, 0), Key(12, 0, 0)).has_value());
  EXPECT_FALSE(db_->damage_found());
  EXPECT_EQ(db_->VerifyChunks(Key(10, 0, 0), Key(11, 0, 0)).error().reason, "tsdb.bad_checksum");
  EXPECT_TRUE(db_->damage_found());
}

TEST_F(ChunkDbDamage, IsFoundByVerifyingAlsoWhereAFileIsCutShort) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Ingest(10, 1).has_value());
  ASSERT_NO_FATAL_FAILURE(Open());
  for (const auto& entry : fs::directory_iterator(directory_.path() / "db")) {
    if (entry.path().extension() == ".sst" && entry.file_size() > 50'000) {
      fs::resize_file(entry.path(), entry.file_size() / 2);
    }
  }
  EXPECT_EQ(db_->VerifyChunks(Key(10, 0, 0), Key(11, 0, 0)).error().reason, "tsdb.bad_checksum");
  EXPECT_TRUE(db_->damage_found());
  EXPECT_TRUE(db_->VerifyChunks(Key(9, 0, 0), Key(10, 0, 0)).has_value());
}

TEST_F(ChunkDbDamage, ASnapshotTakenBeforeARescueReadsOn) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_TRUE(Ingest(10, 1).has_value());
  auto before = db_->TakeSnapshot();
  ASSERT_TRUE(db_->SetAside().has_value());
  ChunkIngestion moved(*db_, "moved");
  ASSERT_TRUE(moved.Put(Family::kChunks, Key(10, 1, 1), "new").has_value());
  ASSERT_TRUE(moved.Commit().has_value());
  db_->ReclaimAside(Key(10, 0, 0), Key(11, 0, 0));
  db_->map().Rescue(1, ChunkKind::kSamples, 10, db_->db().GetLatestSequenceNumber());
  db_->DropRescued();
  rocksdb::PinnableSlice value;
  EXPECT_TRUE(db_->Get(Family::kChunks, Key(10, 1, 1), before, value).value());
  EXPECT_EQ(value.size(), 1000U);
  EXPECT_TRUE(db_->Get(Family::kChunks, Key(10, 1, 2), before, value).value());
  EXPECT_TRUE(db_->Get(Family::kChunks, Key(10, 1, 1), nullptr, value).value());
  EXPECT_EQ(AsView(value), "new");
  before.reset();
  db_->DropRescued();
  EXPECT_EQ(db_->chunk_families().members().size(), 1U);
  EXPECT_TRUE(db_->Get(Family::kChunks, Key(10, 1, 1), nullptr, value).value());
  EXPECT_FALSE(db_->Get(Family::kChunks, Key(10, 1, 2), nullptr, value).value());
}

/// RocksDB makes the families of a new store one after the other, and a kill may come between any two of them.
TEST(ChunkDbFamilies, ThatAKilledFirstStartDidNotMakeAreMadeByTheNext) {
  const std::array<std::string, 3> made = {ChunkFamilies::NameOf(0), "series", "state"};
  for (std::size_t count = 0; count <= made.size(); ++count) {
    const ScratchDirectory directory;
    {
      rocksdb::Options options;
      options.create_if_missing = true;
      rocksdb::DB* raw = nullptr;
      ASSERT_TRUE(rocksdb::DB::Open(options, directory.path().string(), &raw).ok());
      const std::unique_ptr<rocksdb::DB> db(raw);
      for (std::size_t i = 0; i < count; ++i) {
        rocksdb::ColumnFamilyHandle* handle = nullptr;
        ASSERT_TRUE(db->CreateColumnFamily(options, made[i], &handle).ok());
        ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
      }
    }
    const auto opened = ChunkDb::Open(directory.path(), {rocksdb::Env::Default(), nullptr, nullptr});
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    for (const Family family : {Family::kSeries, Family::kState, Family::kMeta}) {
      rocksdb::PinnableSlice value;
      EXPECT_FALSE((*opened)->Get(family, "nothing", nullptr, value).value());
    }
  }
}

TEST(ChunkDbFamilies, ThatAreGoneAreNotMadeAnew) {
  const ScratchDirectory directory;
  ASSERT_TRUE(ChunkDb::Open(directory.path(), {rocksdb::Env::Default(), nullptr, nullptr}).has_value());
  {
    std::vector<std::string> names;
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies({}, directory.path().string(), &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const auto& name : names) families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    rocksdb::DB* raw = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open({}, directory.path().string(), families, &handles, &raw).ok());
    const std::unique_ptr<rocksdb::DB> db(raw);
    for (auto* const handle : handles) {
      if (handle->GetName() == "state") ASSERT_TRUE(db->DropColumnFamily(handle).ok());
      ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    }
  }
  const auto opened = ChunkDb::Open(directory.path(), {rocksdb::Env::Default(), nullptr, nullptr});
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().reason, "tsdb.corrupt");
}

TEST(ChunkFamilies, AreNamedByTheirNumbers) {
  for (const std::uint32_t number : {0U, 1U, 17U}) {
    EXPECT_EQ(ChunkFamilies::NumberOf(ChunkFamilies::NameOf(number)), number);
  }
  for (const std::string_view name :
       {"", "chunk", "chunks-", "chunks-1x", "chunks1", "chunks-x", "chunks-99999999999"}) {
    EXPECT_EQ(ChunkFamilies::NumberOf(name), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace helios::tsdb
