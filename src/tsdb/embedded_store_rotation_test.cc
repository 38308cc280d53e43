// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "base/manual_clock.h"
#include "tsdb/internal/embedded_store_on.h"
#include "tsdb/sample_store_conformance.h"
#include "tsdb/testing/memory_journal.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::tsdb {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);
constexpr TimeRange kAlways{TimestampMs::min(), TimestampMs::max()};
constexpr std::uint64_t kSegmentBytes = 1U << 20U;
constexpr int kRowsPerBatch = 1000;
// At some 10 bytes a row whose value has no pattern, in the journal: enough for the segment in use, the one that may be
// ready, and half of a third.
constexpr int kBatchesPastTwoSegments = 250;
const TenantId kTenant = TenantId::Parse("0190163d-8694-739b-aea5-966c26f8ad91").value();
const SeriesKey kCpu{"cpu", {}};

/// A store on a disk that takes its time to make the journal's next segment.
class EmbeddedStoreRotation : public testing::TestWithParam<Isolation> {
 protected:
  EmbeddedStoreRotation() {
    config_.directory = directory_.path() / "store";
    config_.segment_bytes = kSegmentBytes;
    config_.min_free_bytes = 0;
    policy_.isolation = GetParam();
  }
  ~EmbeddedStoreRotation() override { disk_.HoldSegments(false); }
  EmbeddedStoreRotation(const EmbeddedStoreRotation&) = delete;
  EmbeddedStoreRotation& operator=(const EmbeddedStoreRotation&) = delete;

  void Open() {
    store_.reset();
    auto opened = OpenEmbeddedStoreOn(config_, {*rocksdb::Env::Default(), disk_}, clock_, metrics_);
    ASSERT_TRUE(opened.has_value()) << opened.error().message;
    store_ = *std::move(opened);
  }

  /// Appends batch after batch without waiting for answers.
  void Send(int batches) {
    for (int i = 0; i < batches; ++i, ++sent_) {
      KeyedBatch batch(kCpu);
      for (int k = 0; k < kRowsPerBatch; ++k) {
        const int row = sent_ * kRowsPerBatch + k;
        const auto noise = static_cast<std::uint64_t>(row) * 0x9e3779b97f4a7c15ULL;
        batch.AddSample(0, kNow - 40h + std::chrono::milliseconds(row), static_cast<double>(noise));
      }
      store_->Append(kTenant, policy_, batch.batch(), [this](const Result<AppendOutcome>& outcome) {
        if (outcome && outcome->stored == kRowsPerBatch) ++acknowledged_;
        if (!outcome && outcome.error().reason == "tsdb.disk_full") ++disk_full_;
        if (!outcome && outcome.error().reason == "tsdb.overloaded") ++overloaded_;
        ++answered_;
      });
    }
  }
  std::size_t CountSamples() {
    const auto found = store_->FindSeries(kTenant, {kCpu.metric, {}}, 1).value();
    return found.empty() ? 0 : Drain(store_->Read(kTenant, found.front().id, kAlways)).value().size();
  }
  static bool Eventually(const std::function<bool()>& holds) {
    for (int i = 0; i < 1000 && !holds(); ++i) std::this_thread::sleep_for(10ms);
    return holds();
  }

  ScratchDirectory directory_;
  ManualClock clock_{kNow};
  obs::Metrics metrics_;
  MemoryJournalFileSystem disk_;
  EmbeddedStoreConfig config_;
  TenantPolicy policy_;
  std::atomic<int> acknowledged_ = 0;
  std::atomic<int> disk_full_ = 0;
  std::atomic<int> overloaded_ = 0;
  std::atomic<int> answered_ = 0;
  int sent_ = 0;
  std::unique_ptr<EmbeddedStore> store_;
};

TEST_P(EmbeddedStoreRotation, WhatComesWhileASegmentIsBeingMadeWaitsForItAndIsRefusedNothing) {
  ASSERT_NO_FATAL_FAILURE(Open());
  disk_.HoldSegments(true);
  Send(kBatchesPastTwoSegments);
  std::this_thread::sleep_for(50ms);
  EXPECT_LT(answered_, sent_) << "the segments at hand had room for all: the test sends too little";
  EXPECT_EQ(answered_, acknowledged_);
  disk_.HoldSegments(false);
  EXPECT_TRUE(Eventually([&] { return answered_ == sent_; }));
  EXPECT_EQ(acknowledged_, sent_);
  EXPECT_TRUE(store_->Writable());
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(CountSamples(), static_cast<std::size_t>(sent_) * kRowsPerBatch);
}

TEST_P(EmbeddedStoreRotation, WhatWaitsForASegmentThatCannotBeMadeHearsOfAFullDisk) {
  ASSERT_NO_FATAL_FAILURE(Open());
  // Flushes give segments back, which need no room to be used again.
  const auto blocked = config_.directory / "chunks" / "ingest";
  std::filesystem::remove_all(blocked);
  disk_.HoldSegments(true);
  Send(kBatchesPastTwoSegments);
  const int waiting = sent_ - answered_;
  disk_.FailRenames(true);
  disk_.HoldSegments(false);
  EXPECT_TRUE(Eventually([&] { return answered_ == sent_; }));
  EXPECT_GT(waiting, 0);
  EXPECT_GT(disk_full_, 0);
  EXPECT_EQ(acknowledged_ + disk_full_, sent_);
  EXPECT_FALSE(store_->Writable());
  const int acknowledged = acknowledged_;

  disk_.FailRenames(false);
  std::filesystem::create_directory(blocked);
  EXPECT_TRUE(Eventually([&] { return store_->Writable(); }));
  Send(1);
  EXPECT_TRUE(Eventually([&] { return answered_ == sent_; }));
  EXPECT_EQ(acknowledged_, acknowledged + 1);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_GE(CountSamples(), static_cast<std::size_t>(acknowledged_) * kRowsPerBatch);
}

TEST_P(EmbeddedStoreRotation, MoreThanMayWaitForASegmentIsRefusedAsOverload) {
  config_.max_pending_bytes = 200'000;
  ASSERT_NO_FATAL_FAILURE(Open());
  disk_.HoldSegments(true);
  while (overloaded_ == 0 && sent_ < 2 * kBatchesPastTwoSegments) {
    Send(1);
    std::this_thread::sleep_for(1ms);
  }
  EXPECT_GT(overloaded_, 0);
  disk_.HoldSegments(false);
  EXPECT_TRUE(Eventually([&] { return answered_ == sent_; }));
  EXPECT_EQ(acknowledged_ + overloaded_, sent_);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(CountSamples(), static_cast<std::size_t>(acknowledged_) * kRowsPerBatch);
}

TEST_P(EmbeddedStoreRotation, AStoreThatClosesWhileASegmentIsBeingMadeAnswersEveryone) {
  ASSERT_NO_FATAL_FAILURE(Open());
  disk_.HoldSegments(true);
  Send(kBatchesPastTwoSegments);
  std::jthread release([this] {
    std::this_thread::sleep_for(50ms);
    disk_.HoldSegments(false);
  });
  store_.reset();
  EXPECT_EQ(answered_, sent_);
  EXPECT_EQ(acknowledged_, sent_);
  ASSERT_NO_FATAL_FAILURE(Open());
  EXPECT_EQ(CountSamples(), static_cast<std::size_t>(sent_) * kRowsPerBatch);
}

INSTANTIATE_TEST_SUITE_P(Of, EmbeddedStoreRotation, testing::Values(Isolation::kShared, Isolation::kOwnKey),
                         [](const testing::TestParamInfo<Isolation>& info) {
                           return std::string(info.param == Isolation::kShared ? "ASharedTenant" : "ATenantWithAKey");
                         });

}  // namespace
}  // namespace helios::tsdb
