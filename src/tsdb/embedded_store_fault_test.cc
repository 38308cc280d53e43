// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gmock/gmock.h>
#include <sys/mount.h>

#include <cerrno>
#include <fstream>
#include <limits>
#include <thread>

#include "base/file.h"
#include "base/manual_clock.h"
#include "tsdb/internal/embedded_store_on.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/memory_journal.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};
const TenantId kTenant = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const SeriesKey kCpu{"cpu", {}};

/// A machine whose databases cannot write when they are told so.
class FailingEnv final : public rocksdb::EnvWrapper {
 public:
  FailingEnv() : EnvWrapper(Default()) {}
  [[nodiscard]] const char* Name() const override { return "FailingEnv"; }
  rocksdb::Status NewWritableFile(const std::string& name, std::unique_ptr<rocksdb::WritableFile>* result,
                                  const rocksdb::EnvOptions& options) override {
    auto status = EnvWrapper::NewWritableFile(name, result, options);
    const bool manifest = name.find("MANIFEST") != std::string::npos;
    std::atomic<int>& good = manifest ? good_manifest_writes : good_table_writes;
    if (status.ok() && (manifest || name.ends_with(".sst"))) *result = std::make_unique<File>(std::move(*result), good);
    return status;
  }
  /// So many succeed, then all fail.
  std::atomic<int> good_table_writes = kAll;
  std::atomic<int> good_manifest_writes = kAll;
  static constexpr int kAll = std::numeric_limits<int>::max();

 private:
  class File final : public rocksdb::WritableFileWrapper {
   public:
    File(std::unique_ptr<rocksdb::WritableFile> file, std::atomic<int>& good)
        : WritableFileWrapper(file.get()), file_(std::move(file)), good_(good) {}
    using WritableFileWrapper::Append;
    rocksdb::Status Append(const rocksdb::Slice& data) override {
      if (good_ != kAll && good_-- <= 0) return rocksdb::Status::NoSpace("full");
      return file_->Append(data);
    }

   private:
    const std::unique_ptr<rocksdb::WritableFile> file_;
    std::atomic<int>& good_;
  };
};

class EmbeddedStoreFaults : public testing::Test {
 protected:
  EmbeddedStoreFaults() {
    config_.directory = directory_.path() / "store";
    config_.segment_bytes = 2U << 20U;
    config_.min_free_bytes = 0;
  }

  Result<void> TryOpen() {
    store_.reset();
    HELIOS_TRY(store_, OpenEmbeddedStoreOn(config_, {env_, *journal_}, clock_, metrics_));
    return {};
  }
  void Open() {
    const auto opened = TryOpen();
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
  }

  Result<AppendOutcome> Append(const SeriesKey& key, TimestampMs time, double value = 1) {
    KeyedBatch batch(key);
    batch.AddSample(0, time, value);
    return AppendAndWait(*store_, kTenant, {}, batch.batch());
  }
  /// The reason of the failed append, or "" where it succeeded.
  std::string_view Failure(const SeriesKey& key, TimestampMs time) {
    const auto outcome = Append(key, time);
    return outcome ? "" : outcome.error().reason;
  }
  std::size_t CountSamples(const SeriesKey& key) {
    const auto found = store_->FindSeries(kTenant, {key.metric, {}}, 10).value();
    if (found.empty()) return 0;
    return Drain(store_->Read(kTenant, found.front().id, kAlways)).value().size();
  }
  static bool Eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 1000 && !holds(); ++i) std::this_thread::sleep_for(10ms);
    return holds();
  }
  std::vector<std::filesystem::path> Files(std::string_view extension) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(config_.directory)) {
      if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    std::ranges::sort(files, {}, [](const auto& path) { return std::filesystem::file_size(path); });
    return files;
  }
  static void FlipByte(const std::filesystem::path& path, std::size_t offset) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(offset));
    const int byte = file.get();
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(static_cast<char>(byte ^ 0x40));
  }

  ScratchDirectory directory_;
  ManualClock clock_{kNow};
  obs::Metrics metrics_;
  MemoryJournalFileSystem memory_;
  PosixJournalFileSystem disk_;
  JournalFileSystem* journal_ = &disk_;
  FailingEnv env_;
  EmbeddedStoreConfig config_;
  std::unique_ptr<EmbeddedStore> store_;
};

TEST_F(EmbeddedStoreFaults, AFailedFsyncAcknowledgesNothingAndTheStoreIsReadOnlyUntilARestart) {
  journal_ = &memory_;
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_EQ(Failure(kCpu, kNow - 2s), "");
  memory_.AllowSyncs(0);
  EXPECT_EQ(Failure(kCpu, kNow - 1s), "tsdb.read_only");
  EXPECT_EQ(Failure({"mem", {}}, kNow), "tsdb.read_only");
  memory_.AllowSyncs({});
  EXPECT_EQ(Failure(kCpu, kNow), "tsdb.read_only");  // what the failed sync left on the disk is unknown
  EXPECT_FALSE(store_->Writable());
  EXPECT_GE(CountSamples(kCpu), 1U);  // reading goes on
  EXPECT_EQ(store_->DeleteSeries(kTenant, {"cpu", {}}).error().reason, "tsdb.read_only");
  EXPECT_FALSE(store_->Flush().has_value());

  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_TRUE(store_->Writable());
  EXPECT_EQ(Failure(kCpu, kNow), "");
  EXPECT_GE(CountSamples(kCpu), 2U);
}

TEST_F(EmbeddedStoreFaults, EveryBatchOfAGroupWhoseFsyncFailsHearsOfIt) {
  journal_ = &memory_;
  ASSERT_NO_FATAL_FAILURE(Open());
  memory_.AllowSyncs(0);
  std::atomic<int> failed = 0;
  for (int i = 0; i < 50; ++i) {
    KeyedBatch batch(kCpu);
    batch.AddSample(0, kNow, 1);
    store_->Append(kTenant, {}, batch.batch(), [&](Result<AppendOutcome> outcome) {
      if (!outcome) ++failed;
    });
  }
  store_.reset();
  EXPECT_EQ(failed, 50);  // the same sample fifty times: a duplicate of an unwritten sample is no success either
}

TEST_F(EmbeddedStoreFaults, WithoutRoomForAnotherSegmentNothingIsAcceptedAndItPassesByItself) {
  journal_ = &memory_;
  memory_.faults.capacity = 2 * config_.segment_bytes;
  ASSERT_NO_FATAL_FAILURE(Open());
  std::string_view failure;
  std::size_t acknowledged = 0;
  const auto send = [&](int number) {
    KeyedBatch batch(kCpu);
    for (int k = 0; k < 1000; ++k) {
      const auto noise = static_cast<std::uint64_t>(number * 1000 + k) * 0x9e3779b97f4a7c15ULL;
      batch.AddSample(0, kNow - 40h + std::chrono::milliseconds(number * 1000 + k), static_cast<double>(noise));
    }
    return AppendAndWait(*store_, kTenant, {}, batch.batch());
  };
  // Flushes give segments back, so the disk is full only as long as they cannot write.
  const auto blocked = config_.directory / "chunks" / "ingest";
  std::filesystem::remove_all(blocked);
  for (int i = 0; i < 2000 && failure != "tsdb.disk_full"; ++i) {
    const auto outcome = send(i);
    if (outcome) acknowledged += outcome->stored;
    failure = outcome ? "" : outcome.error().reason;
    if (!failure.empty()) ASSERT_EQ(failure, "tsdb.disk_full");
  }
  EXPECT_EQ(failure, "tsdb.disk_full");
  EXPECT_FALSE(store_->Writable());
  // The batch that met the full disk may be stored all the same; its sender was not told so.
  const std::size_t held = CountSamples(kCpu);
  EXPECT_GE(held, acknowledged);
  EXPECT_LE(held, acknowledged + 1000);
  std::filesystem::create_directory(blocked);
  EXPECT_TRUE(Eventually([&] { return store_->Writable(); }));
  EXPECT_EQ(Failure(kCpu, kNow), "");
  EXPECT_EQ(CountSamples(kCpu), held + 1);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(CountSamples(kCpu), held + 1);
}

TEST_F(EmbeddedStoreFaults, ASmallFileSystemFillsUpAndIsUsableAgainWhenSpaceReturns) {
  const auto mount_point = directory_.path() / "small";
  std::filesystem::create_directory(mount_point);
  if (::mount("tmpfs", mount_point.c_str(), "tmpfs", 0, "size=24m") != 0) {
    GTEST_SKIP() << "needs the right to mount a tmpfs: " << ErrnoMessage(errno);
  }
  struct Unmount {
    std::filesystem::path path;
    ~Unmount() { ::umount2(path.c_str(), MNT_DETACH); }
  } const unmount{mount_point};

  for (const std::uint64_t reserve : {std::uint64_t{0}, std::uint64_t{4} << 20U}) {
    config_.directory = mount_point / fmt::format("store-{}", reserve);
    config_.segment_bytes = 1U << 20U;
    config_.sealed_bytes = 256U << 10U;
    config_.min_free_bytes = reserve;
    const auto ballast = mount_point / "ballast";
    std::ofstream(ballast) << std::string(14U << 20U, 'x');
    ASSERT_NO_FATAL_FAILURE(Open());
    std::string_view failure;
    std::size_t acknowledged = 0;
    for (int i = 0; i < 100'000 && failure.empty(); ++i) {
      KeyedBatch batch(kCpu);
      for (int k = 0; k < 1000; ++k) {
        // Values without a pattern, so that compression does not make the disk bottomless.
        const auto noise = static_cast<std::uint64_t>(i * 1000 + k) * 0x9e3779b97f4a7c15ULL;
        batch.AddSample(0, kNow - 40h + std::chrono::milliseconds(i * 1000 + k), static_cast<double>(noise));
      }
      const auto outcome = AppendAndWait(*store_, kTenant, {}, batch.batch());
      if (outcome) acknowledged += outcome->stored;
      if (!outcome) failure = outcome.error().reason;
    }
    EXPECT_EQ(failure, "tsdb.disk_full");
    // The batch that met the full disk may be stored all the same; its sender was not told so.
    const std::size_t held = CountSamples(kCpu);
    EXPECT_GE(held, acknowledged);
    EXPECT_LE(held, acknowledged + 1000);

    std::filesystem::remove(ballast);
    EXPECT_TRUE(Eventually([&] { return store_->Writable(); }));
    EXPECT_EQ(Failure(kCpu, kNow), "");
    ASSERT_NO_FATAL_FAILURE(Open());
    EXPECT_EQ(CountSamples(kCpu), held + 1);
    store_.reset();
    std::filesystem::remove_all(config_.directory);
  }
}

TEST_F(EmbeddedStoreFaults, ABatchTooLargeForTheQueueIsRefusedAsOverload) {
  config_.max_pending_bytes = 16'384;
  ASSERT_NO_FATAL_FAILURE(Open());
  KeyedBatch batch(kCpu);
  for (int i = 0; i < 1000; ++i) batch.AddSample(0, kNow, 1);
  const auto outcome = AppendAndWait(*store_, kTenant, {}, batch.batch());
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().reason, "tsdb.overloaded");
  EXPECT_EQ(Failure(kCpu, kNow), "");
}

TEST_F(EmbeddedStoreFaults, ClosingFinishesWhatWasAppendedAndAnswersEveryCallback) {
  ASSERT_NO_FATAL_FAILURE(Open());
  std::atomic<int> stored = 0;
  for (int i = 0; i < 100; ++i) {
    KeyedBatch batch(kCpu);
    batch.AddSample(0, kNow + std::chrono::seconds(i), 1);
    store_->Append(kTenant, {}, batch.batch(),
                   [&](const Result<AppendOutcome>& outcome) { stored += static_cast<int>(outcome.value().stored); });
  }
  store_.reset();
  EXPECT_EQ(stored, 100);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(CountSamples(kCpu), 100U);
}

TEST_F(EmbeddedStoreFaults, ASecondHolderIsToldThatTheStoreIsLocked) {
  ASSERT_NO_FATAL_FAILURE(Open());
  const auto second = OpenEmbeddedStoreOn(config_, {*rocksdb::Env::Default(), *journal_}, clock_, metrics_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "tsdb.locked");
}

TEST_F(EmbeddedStoreFaults, ADirectoryThatCannotBeMadeIsAnError) {
  config_.directory = "/proc/nowhere/store";
  EXPECT_EQ(TryOpen().error().reason, "tsdb.cannot_open");
}

TEST_F(EmbeddedStoreFaults, AnotherKeyOpensNothing) {
  ASSERT_NO_FATAL_FAILURE(Open());
  ASSERT_EQ(Failure(kCpu, kNow), "");
  store_.reset();
  config_.key[0] ^= 1;
  const auto opened = TryOpen();
  ASSERT_FALSE(opened.has_value());
  config_.key[0] ^= 1;
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(CountSamples(kCpu), 1U);
}

TEST_F(EmbeddedStoreFaults, ADamagedTableIsABadChecksumAndNeverAWrongValue) {
  ASSERT_NO_FATAL_FAILURE(Open());
  KeyedBatch batch(kCpu);
  std::uint64_t noise = 1;
  for (int i = 0; i < 30'000; ++i) {
    noise = noise * 6364136223846793005ULL + 1;
    batch.AddSample(0, kNow - 100h + std::chrono::seconds(i), static_cast<double>(noise));
  }
  ASSERT_EQ(AppendAndWait(*store_, kTenant, {}, batch.batch()).value().stored, 30'000U);
  ASSERT_EQ(Failure({"mem", {}}, kNow), "");
  ASSERT_TRUE(store_->Flush().has_value());
  store_.reset();
  const auto table = Files(".sst").back();
  FlipByte(table, std::filesystem::file_size(table) / 2);
  ASSERT_NO_FATAL_FAILURE(Open());
  const auto cpu = store_->FindSeries(kTenant, {"cpu", {}}, 1).value().front();
  const auto damaged = Drain(store_->Read(kTenant, cpu.id, kAlways));
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, ErrorCode::kDataCorruption);
  EXPECT_EQ(damaged.error().reason, "tsdb.bad_checksum");
  EXPECT_EQ(damaged.error().message.find('/'), std::string::npos);  // no path in it

  // Other data stays readable and writable, also from the same group as a look-up that fails.
  const auto mem = store_->FindSeries(kTenant, {"mem", {}}, 1).value().front();
  EXPECT_EQ(Drain(store_->Read(kTenant, mem.id, {kNow - 1h, kNow})).value().size(), 1U);
  KeyedBatch late(kCpu);
  late.AddSample(0, kNow - 100h + 500ms, 1);
  late.AllowAnyOrder();
  EXPECT_EQ(AppendAndWait(*store_, kTenant, {}, late.batch()).error().reason, "tsdb.bad_checksum");
  EXPECT_EQ(Failure({"mem", {}}, kNow + 1s), "");
}

TEST_F(EmbeddedStoreFaults, ADeletionThatTheDiskRefusedIsMadeUpForAndNeverUndone) {
  config_.sweep_interval = 1h;
  for (const bool flush_while_full : {false, true}) {
    for (const bool restart_while_full : {false, true}) {
      config_.directory = directory_.path() / fmt::format("store-{}-{}", flush_while_full, restart_while_full);
      ASSERT_NO_FATAL_FAILURE(Open());
      ASSERT_EQ(Failure(kCpu, kNow - 1h), "");
      ASSERT_EQ(Failure({"mem", {}}, kNow - 1h), "");
      ASSERT_TRUE(store_->Flush().has_value());
      env_.good_table_writes = 0;
      EXPECT_EQ(store_->DeleteSeries(kTenant, {"cpu", {}}).error().reason, "tsdb.disk_full");
      EXPECT_EQ(CountSamples(kCpu), 0U);
      EXPECT_EQ(Failure({"mem", {}}, kNow), "");
      if (flush_while_full) EXPECT_EQ(store_->Flush().error().reason, "tsdb.disk_full");
      if (restart_while_full) ASSERT_NO_FATAL_FAILURE(Open());
      EXPECT_EQ(CountSamples(kCpu), 0U);
      env_.good_table_writes = FailingEnv::kAll;
      const auto flushed = store_->Flush();
      EXPECT_TRUE(flushed.has_value()) << flushed.error().message;
      ASSERT_NO_FATAL_FAILURE(Open());
      EXPECT_EQ(CountSamples(kCpu), 0U) << "a deleted series is back";
      EXPECT_EQ(CountSamples({"mem", {}}), 2U);
      EXPECT_EQ(Failure(kCpu, kNow), "");
      EXPECT_EQ(CountSamples(kCpu), 1U);
    }
  }
}

TEST_F(EmbeddedStoreFaults, AFullDiskUnderTheDatabasesManifestLosesNothingAndEndsNoProcess) {
  config_.sweep_interval = 1h;
  int stopped = 0;
  for (int good = 0; good < 4; ++good) {
    config_.directory = directory_.path() / fmt::format("store-{}", good);
    ASSERT_NO_FATAL_FAILURE(Open());
    ASSERT_EQ(Failure(kCpu, kNow - 2s), "");
    ASSERT_TRUE(store_->Flush().has_value());
    ASSERT_EQ(Failure(kCpu, kNow - 1s), "");
    env_.good_manifest_writes = good;
    EXPECT_FALSE(store_->Flush().has_value());
    EXPECT_FALSE(store_->Flush().has_value());
    env_.good_manifest_writes = FailingEnv::kAll;
    // RocksDB may have to be opened again. The journal has everything until then, and takes more.
    if (const auto refused = store_->Flush(); !refused) {
      ++stopped;
      EXPECT_NE(refused.error().message.find("restart helios"), std::string::npos) << refused.error().message;
    }
    EXPECT_EQ(Failure(kCpu, kNow), "");
    EXPECT_EQ(CountSamples(kCpu), 3U);
    ASSERT_NO_FATAL_FAILURE(Open());
    EXPECT_EQ(CountSamples(kCpu), 3U);
    EXPECT_TRUE(store_->Flush().has_value());
    EXPECT_EQ(CountSamples(kCpu), 3U);
  }
  EXPECT_GT(stopped, 0);
}

TEST_F(EmbeddedStoreFaults, ASeriesWithNothingLeftIsSweptOutAndItsIdIsNotGivenAgain) {
  config_.sweep_interval = 10ms;
  ASSERT_NO_FATAL_FAILURE(Open());
  const TenantPolicy policy{.raw_retention = std::chrono::hours{24}, .rollup_retention = std::chrono::hours{24}};
  const auto append = [&](const SeriesKey& key, TimestampMs time) {
    KeyedBatch batch(key);
    batch.AddSample(0, time, 1);
    return AppendAndWait(*store_, kTenant, policy, batch.batch()).value().stored;
  };
  append(kCpu, kNow);
  append({"mem", {}}, kNow + 5min);
  const SeriesId cpu = store_->FindSeries(kTenant, {"cpu", {}}, 1).value().front().id;
  clock_.Advance(24h + 1min);
  EXPECT_TRUE(Eventually([&] { return !store_->Read(kTenant, cpu, kAlways).has_value(); }));
  EXPECT_THAT(store_->MetricNames(kTenant), ElementsAre("mem"));
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(append(kCpu, clock_.Now()), 1U);
  EXPECT_GT(store_->FindSeries(kTenant, {"cpu", {}}, 1).value().front().id, cpu);
  EXPECT_EQ(CountSamples(kCpu), 1U);
}

}  // namespace
}  // namespace helios::tsdb
