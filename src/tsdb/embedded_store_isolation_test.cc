// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gmock/gmock.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "base/manual_clock.h"
#include "tsdb/embedded_store.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};
const TenantId kTenant = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const SeriesKey kSecret{"very_secret_metric_name", {{"customer", "another_secret_value"}}};

/// A tenant of each isolation: its samples survive restarts, crashes, compaction and a change of plan.
class StoreIsolation : public testing::TestWithParam<Isolation> {
 protected:
  StoreIsolation() {
    config_.directory = directory_.path() / "store";
    config_.segment_bytes = 1U << 20U;
    config_.min_free_bytes = 0;
    policy_.isolation = GetParam();
  }
  void Open() {
    store_.reset();
    auto opened = OpenEmbeddedStore(config_, clock_, metrics_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = *std::move(opened);
  }
  void Append(std::chrono::hours ago, int count) {
    KeyedBatch batch(kSecret);
    for (int i = 0; i < count; ++i) {
      batch.AddSample(0, kNow - ago + std::chrono::seconds(i), static_cast<double>(expected_.size()));
      expected_.push_back({ToUnixMs(kNow - ago + std::chrono::seconds(i)),
                           std::bit_cast<std::uint64_t>(static_cast<double>(expected_.size()))});
    }
    ASSERT_EQ(AppendAndWait(*store_, kTenant, policy_, batch).value().stored, static_cast<std::size_t>(count));
  }
  std::vector<ReadSample> ReadAll() {
    const auto found = store_->FindSeries(kTenant, {kSecret.metric, {}}, 10).value();
    if (found.size() != 1) return {};
    return Drain(store_->Read(kTenant, found.front().id, kAlways)).value();
  }
  bool HasOwnDirectory() const { return std::filesystem::exists(config_.directory / "tenants" / kTenant.ToString()); }
  /// Whether any file of the store holds `text`.
  bool IsOnDisk(std::string_view text) const {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(config_.directory)) {
      if (!entry.is_regular_file()) continue;
      std::ostringstream bytes;
      bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      if (bytes.str().find(text) != std::string::npos) return true;
    }
    return false;
  }

  ScratchDirectory directory_;
  ManualClock clock_{kNow};
  obs::Metrics metrics_;
  EmbeddedStoreConfig config_;
  TenantPolicy policy_;
  std::vector<ReadSample> expected_;
  std::unique_ptr<EmbeddedStore> store_;
};

TEST_P(StoreIsolation, SamplesSurviveFlushCompactionAndRestart) {
  ASSERT_NO_FATAL_FAILURE(Open());
  Append(100h, 200);
  ASSERT_TRUE(store_->Flush().has_value());
  Append(99h, 200);
  ASSERT_TRUE(store_->Flush().has_value());
  EXPECT_EQ(ReadAll(), expected_);
  ASSERT_TRUE(store_->KeepDays().has_value());
  EXPECT_EQ(ReadAll(), expected_);
  Append(1h, 10);
  EXPECT_EQ(HasOwnDirectory(), GetParam() != Isolation::kShared);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(ReadAll(), expected_);
  EXPECT_FALSE(IsOnDisk(kSecret.metric));
  EXPECT_FALSE(IsOnDisk("another_secret_value"));
}

TEST_P(StoreIsolation, WhatOnlyTheJournalHasIsReplayed) {
  ASSERT_NO_FATAL_FAILURE(Open());
  Append(100h, 10);
  std::this_thread::sleep_for(1200ms);  // by now a tenant that is to have a key of its own has it
  Append(99h, 10);
  // What a crash would leave: a copy of the files as they are.
  const auto copy = directory_.path() / "copy";
  std::filesystem::copy(config_.directory, copy, std::filesystem::copy_options::recursive);
  store_.reset();
  config_.directory = copy;
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(ReadAll(), expected_);
}

TEST_P(StoreIsolation, AChangeOfPlanMovesTheSamplesAndLosesNone) {
  ASSERT_NO_FATAL_FAILURE(Open());
  Append(100h, 200);
  ASSERT_TRUE(store_->Flush().has_value());
  for (const Isolation next : {Isolation::kOwnKey, Isolation::kShared, Isolation::kOwnDirectory}) {
    policy_.isolation = next;
    Append(std::chrono::hours{90 - 10 * static_cast<int>(expected_.size() / 200)}, 200);
    EXPECT_EQ(ReadAll(), expected_);
    ASSERT_TRUE(store_->Flush().has_value());
    EXPECT_EQ(ReadAll(), expected_);
    ASSERT_TRUE(store_->KeepDays().has_value());
    EXPECT_EQ(ReadAll(), expected_);
    ASSERT_NO_FATAL_FAILURE(Open());
    EXPECT_EQ(ReadAll(), expected_);
  }
}

TEST_P(StoreIsolation, ABackupIsAStoreOfTheSameSamples) {
  ASSERT_NO_FATAL_FAILURE(Open());
  Append(100h, 200);
  const auto backup = directory_.path() / "backup";
  const auto summary = store_->BackUp(backup);
  ASSERT_TRUE(summary.has_value()) << summary.error().message;
  EXPECT_EQ(summary->series, 1U);
  EXPECT_GT(summary->bytes, 0U);
  const auto at_backup = expected_;
  Append(1h, 10);
  EXPECT_EQ(store_->BackUp(backup).error().reason, "tsdb.backup_exists");
  config_.directory = backup;
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(ReadAll(), at_backup);
}

TEST_P(StoreIsolation, RollupsAreKeptWhenTheirSamplesGo) {
  policy_.raw_retention = 24h * 7;
  policy_.rollup_retention = 24h * 30;
  ASSERT_NO_FATAL_FAILURE(Open());
  Append(100h, 3600);
  const SeriesId id = store_->FindSeries(kTenant, {kSecret.metric, {}}, 1).value().front().id;
  const auto count = [&] {
    std::uint64_t samples = 0;
    auto cursor = store_->ReadRollups(kTenant, id, kAlways, RollupStep::kFiveMinutes).value();
    for (auto run = cursor->Next().value(); !run.times.empty(); run = cursor->Next().value()) {
      for (const std::uint64_t each : run.count) samples += each;
    }
    return samples;
  };
  EXPECT_EQ(count(), 3600U);
  ASSERT_TRUE(store_->Flush().has_value());
  EXPECT_EQ(count(), 3600U);
  clock_.Advance(24h * 7);
  ASSERT_TRUE(store_->KeepDays().has_value());
  EXPECT_TRUE(ReadAll().empty());
  EXPECT_EQ(count(), 3600U);
  ASSERT_TRUE(store_->KeepDays().has_value());
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(count(), 3600U);
  clock_.Advance(24h * 30);
  ASSERT_TRUE(store_->KeepDays().has_value());
  EXPECT_TRUE(store_->MetricNames(kTenant).empty());
}

INSTANTIATE_TEST_SUITE_P(Each, StoreIsolation,
                         testing::Values(Isolation::kShared, Isolation::kOwnDirectory, Isolation::kOwnKey),
                         [](const testing::TestParamInfo<Isolation>& info) {
                           return std::string(info.param == Isolation::kShared         ? "Shared"
                                              : info.param == Isolation::kOwnDirectory ? "OwnDirectory"
                                                                                       : "OwnKey");
                         });

}  // namespace
}  // namespace helios::tsdb
