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
#include "tsdb/testing/faulty_env.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};
const TenantId kTenant = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const SeriesKey kCpu{"cpu", {}};

class EmbeddedStoreFaults : public testing::Test {
 protected:
  EmbeddedStoreFaults() { config_.directory = directory_.path() / "store"; }

  Result<void> TryOpen() {
    store_.reset();
    HELIOS_TRY(store_, OpenEmbeddedStoreOn(config_, *env_, clock_, metrics_));
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
    for (const auto& entry : std::filesystem::directory_iterator(config_.directory)) {
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
  DiskFaults faults_;
  std::unique_ptr<rocksdb::Env> env_ = MakeFaultyEnv(faults_);
  EmbeddedStoreConfig config_;
  std::unique_ptr<SampleStore> store_;
};

TEST_F(EmbeddedStoreFaults, AFailedFsyncAcknowledgesNothingAndTheStoreIsReadOnlyUntilARestart) {
  Open();
  ASSERT_EQ(Failure(kCpu, kNow - 2s), "");
  faults_.fail_log_sync = true;
  EXPECT_EQ(Failure(kCpu, kNow - 1s), "tsdb.read_only");
  EXPECT_EQ(Failure({"mem", {}}, kNow), "tsdb.read_only");
  faults_.fail_log_sync = false;
  EXPECT_EQ(Failure(kCpu, kNow), "tsdb.read_only");
  EXPECT_FALSE(store_->Writable());
  EXPECT_EQ(CountSamples(kCpu), 1U);  // reading goes on, and shows what is durable
  EXPECT_THAT(store_->MetricNames(kTenant), ElementsAre("cpu"));

  Open();
  EXPECT_TRUE(store_->Writable());
  EXPECT_EQ(Failure(kCpu, kNow), "");
  EXPECT_GE(CountSamples(kCpu), 2U);
}

TEST_F(EmbeddedStoreFaults, EveryBatchOfAGroupWhoseFsyncFailsHearsOfIt) {
  Open();
  faults_.fail_log_sync = true;
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

TEST_F(EmbeddedStoreFaults, AFullDiskIsNoticedBeforehandAndPassesByItself) {
  Open();
  faults_.free_bytes = static_cast<std::int64_t>(config_.min_free_bytes) - 1;
  EXPECT_EQ(Failure(kCpu, kNow), "tsdb.disk_full");
  EXPECT_FALSE(store_->Writable());
  faults_.free_bytes = -1;
  EXPECT_TRUE(Eventually([&] { return store_->Writable(); }));
  EXPECT_EQ(Failure(kCpu, kNow), "");
}

TEST_F(EmbeddedStoreFaults, AWriteThatMeetsTheFullDiskLeavesNoTraceAndTheStoreRecoversWithoutRestart) {
  Open();
  ASSERT_EQ(Failure(kCpu, kNow - 3s), "");
  faults_.log_has_no_space = true;
  EXPECT_EQ(Failure(kCpu, kNow - 2s), "tsdb.disk_full");
  EXPECT_EQ(Failure({"mem", {}}, kNow - 2s), "tsdb.disk_full");
  EXPECT_FALSE(store_->Writable());
  EXPECT_EQ(CountSamples(kCpu), 1U);
  EXPECT_THAT(store_->MetricNames(kTenant), ElementsAre("cpu"));
  faults_.log_has_no_space = false;
  EXPECT_TRUE(Eventually([&] { return store_->Writable(); }));
  EXPECT_EQ(Failure(kCpu, kNow - 2s), "");
  EXPECT_EQ(Failure({"mem", {}}, kNow), "");
  EXPECT_EQ(CountSamples(kCpu), 2U);
  Open();
  EXPECT_EQ(CountSamples(kCpu), 2U);
  EXPECT_EQ(CountSamples({"mem", {}}), 1U);
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
    config_.write_buffer_bytes = 1U << 20U;
    config_.min_free_bytes = reserve;
    const auto ballast = mount_point / "ballast";
    std::ofstream(ballast) << std::string(14U << 20U, 'x');
    Open();
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
    EXPECT_FALSE(store_->Writable());
    EXPECT_EQ(CountSamples(kCpu), acknowledged);

    std::filesystem::remove(ballast);
    EXPECT_TRUE(Eventually([&] { return store_->Writable(); }));
    EXPECT_EQ(Failure(kCpu, kNow), "");
    Open();
    EXPECT_EQ(CountSamples(kCpu), acknowledged + 1);
    store_.reset();
    std::filesystem::remove_all(config_.directory);
  }
}

TEST_F(EmbeddedStoreFaults, ABatchTooLargeForTheQueueIsRefusedAsOverload) {
  config_.max_pending_bytes = 4096;
  Open();
  KeyedBatch batch(kCpu);
  for (int i = 0; i < 1000; ++i) batch.AddSample(0, kNow, 1);
  const auto outcome = AppendAndWait(*store_, kTenant, {}, batch.batch());
  ASSERT_FALSE(outcome.has_value());
  EXPECT_EQ(outcome.error().reason, "tsdb.overloaded");
  EXPECT_EQ(Failure(kCpu, kNow), "");
}

TEST_F(EmbeddedStoreFaults, ClosingFinishesWhatWasAppendedAndAnswersEveryCallback) {
  Open();
  std::atomic<int> stored = 0;
  for (int i = 0; i < 100; ++i) {
    KeyedBatch batch(kCpu);
    batch.AddSample(0, kNow + std::chrono::seconds(i), 1);
    store_->Append(kTenant, {}, batch.batch(),
                   [&](const Result<AppendOutcome>& outcome) { stored += static_cast<int>(outcome.value().stored); });
  }
  store_.reset();
  EXPECT_EQ(stored, 100);
  Open();
  EXPECT_EQ(CountSamples(kCpu), 100U);
}

TEST_F(EmbeddedStoreFaults, ASecondHolderIsToldThatTheStoreIsLocked) {
  Open();
  const auto second = OpenEmbeddedStoreOn(config_, *env_, clock_, metrics_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().reason, "tsdb.locked");
}

TEST_F(EmbeddedStoreFaults, ADirectoryThatCannotBeMadeIsAnError) {
  config_.directory = "/proc/nowhere/store";
  EXPECT_EQ(TryOpen().error().reason, "tsdb.cannot_open");
}

TEST_F(EmbeddedStoreFaults, ATornEndOfTheLogIsCutOff) {
  Open();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(Failure(kCpu, kNow + std::chrono::seconds(i)), "");
  store_.reset();
  const auto log = Files(".log").back();
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 5);
  Open();
  EXPECT_EQ(CountSamples(kCpu), 9U);
}

TEST_F(EmbeddedStoreFaults, DamageInTheMiddleOfTheLogIsRefusedAndNotCutOff) {
  Open();
  for (int i = 0; i < 10; ++i) ASSERT_EQ(Failure(kCpu, kNow + std::chrono::seconds(i)), "");
  store_.reset();
  const auto log = Files(".log").back();
  FlipByte(log, std::filesystem::file_size(log) / 2);
  const auto opened = TryOpen();
  ASSERT_FALSE(opened.has_value());
  EXPECT_EQ(opened.error().code, ErrorCode::kDataCorruption);
  EXPECT_EQ(opened.error().reason, "tsdb.corrupt");
}

TEST_F(EmbeddedStoreFaults, ADamagedTableIsABadChecksumAndNeverAWrongValue) {
  Open();
  KeyedBatch batch(kCpu);
  for (int i = 0; i < 30'000; ++i) {
    batch.AddSample(0, kNow - 10h + std::chrono::seconds(i), static_cast<double>(i) * 1.7);
  }
  ASSERT_EQ(AppendAndWait(*store_, kTenant, {}, batch.batch()).value().stored, 30'000U);
  ASSERT_EQ(Failure({"mem", {}}, kNow), "");
  Open();  // recovery moves the log into tables
  store_.reset();
  FlipByte(Files(".sst").back(), 200);  // the first block of the samples
  Open();
  const auto cpu = store_->FindSeries(kTenant, {"cpu", {}}, 1).value().front();
  const auto damaged = Drain(store_->Read(kTenant, cpu.id, kAlways));
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, ErrorCode::kDataCorruption);
  EXPECT_EQ(damaged.error().reason, "tsdb.bad_checksum");
  EXPECT_EQ(damaged.error().message.find('/'), std::string::npos);  // no path in it

  // Other data stays readable and writable, also from the same group as a look-up that fails.
  EXPECT_EQ(Drain(store_->Read(kTenant, cpu.id, {kNow - 5h, kNow})).value().size(), 12'000U);
  EXPECT_EQ(CountSamples({"mem", {}}), 1U);
  KeyedBatch late(kCpu);
  late.AddSample(0, kNow - 10h + 500ms, 1);
  late.AllowAnyOrder();
  EXPECT_EQ(AppendAndWait(*store_, kTenant, {}, late.batch()).error().reason, "tsdb.bad_checksum");
  EXPECT_EQ(Failure({"mem", {}}, kNow + 1s), "");
}

TEST_F(EmbeddedStoreFaults, ASeriesWithNothingLeftIsSweptOutAndItsIdIsNotGivenAgain) {
  config_.sweep_interval = 10ms;
  Open();
  const TenantPolicy policy{.raw_retention = std::chrono::hours{24}};
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
  Open();
  EXPECT_EQ(append(kCpu, clock_.Now()), 1U);
  EXPECT_GT(store_->FindSeries(kTenant, {"cpu", {}}, 1).value().front().id, cpu);
  EXPECT_EQ(CountSamples(kCpu), 1U);
}

}  // namespace
}  // namespace helios::tsdb
