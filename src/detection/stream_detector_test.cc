// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/stream_detector.h"

#include <gtest/gtest.h>

#include <fstream>
#include <future>

#include "base/manual_clock.h"
#include "detection/state_file.h"
#include "ml/synthetic_series.h"
#include "tsdb/testing/scratch_directory.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const tsdb::SeriesKey kCpu{"cpu", {{"host", "web-1"}}};
constexpr std::chrono::minutes kStep{5};

/// A store, and a detector that can be thrown away and made again over it.
class StreamDetectorTest : public ::testing::Test {
 protected:
  StreamDetectorTest() : history_(ml::SyntheticSeries{.samples = 1'440, .daily_amplitude = 10, .noise = 1}.Make()) {
    clock_.Set(history_.back().time);
    store_ = tsdb::OpenEmbeddedStore({.directory = directory_.path() / "store", .segment_bytes = 1U << 20U}, clock_,
                                     metrics_)
                 .value();
    StartDetector();
  }

  void StartDetector(std::size_t most_series = 100) {
    detector_.reset();
    outbox_ = std::make_unique<ReportOutbox>();
    feed_ = std::make_shared<tsdb::SampleFeed>(1'000'000);
    detector_ = std::make_unique<StreamDetector>(
        *store_, clock_, [](TenantId) { return std::make_shared<const ml::Detector>(); }, *outbox_, own_metrics_,
        StreamDetector::Config{.most_series = most_series});
  }
  void Begin() {
    store_->Follow(feed_);
    ASSERT_TRUE(detector_->Begin());
    while (detector_->CatchUp(1'000)) {
    }
  }

  /// Durable when it returns.
  void Append(const tsdb::SeriesKey& key, std::span<const ml::Sample> samples) {
    tsdb::KeyedBatch batch(key);
    for (const ml::Sample& sample : samples) batch.AddSample(0, sample.time, sample.value);
    std::promise<Result<tsdb::AppendOutcome>> done;
    store_->Append(kAcme, {.raw_retention = std::chrono::hours{24 * 365}}, batch.batch(),
                   [&done](Result<tsdb::AppendOutcome> outcome) { done.set_value(std::move(outcome)); });
    const auto outcome = done.get_future().get();
    ASSERT_TRUE(outcome) << outcome.error().message;
    ASSERT_TRUE(outcome->rejected.empty());
  }
  /// As samples come: at their time.
  void Live(const tsdb::SeriesKey& key, double value) {
    clock_.Advance(kStep);
    Append(key, std::vector<ml::Sample>{{clock_.Now(), value}});
  }
  void Score() {
    while (auto group = feed_->Take(0ms)) detector_->Take(*group);
  }
  double Normal() const { return history_[(1'440 + live_) % 288].value; }

  ManualClock clock_{TimestampMs{}};
  obs::Metrics metrics_;
  DetectionMetrics own_metrics_{metrics_};
  tsdb::ScratchDirectory directory_;
  std::vector<ml::Sample> history_;  ///< five days that end now
  std::unique_ptr<tsdb::EmbeddedStore> store_;
  std::unique_ptr<ReportOutbox> outbox_;
  std::shared_ptr<tsdb::SampleFeed> feed_;
  std::unique_ptr<StreamDetector> detector_;
  std::size_t live_ = 0;
};

TEST_F(StreamDetectorTest, TellsASpikeAsItComesAndWhenItHasEnded) {
  Begin();
  Append(kCpu, history_);
  Score();
  EXPECT_EQ(outbox_->size(), 0U);
  Live(kCpu, 500);
  const TimestampMs spike = clock_.Now();
  Score();
  ASSERT_EQ(outbox_->size(), 1U);
  AnomalyReport report = outbox_->All().front();
  EXPECT_EQ(report.tenant, kAcme);
  EXPECT_EQ(report.series, kCpu);
  EXPECT_EQ(report.series_key, SeriesDigest(kCpu));
  EXPECT_EQ(report.span.start, spike);
  EXPECT_DOUBLE_EQ(report.span.value, 500);
  EXPECT_FALSE(report.ended);
  for (int i = 0; i < 300; ++i) Live(kCpu, Normal());
  Score();
  ASSERT_GE(outbox_->size(), 1U);
  report = outbox_->All().front();
  EXPECT_EQ(report.span.start, spike);
  EXPECT_TRUE(report.ended);
}

TEST_F(StreamDetectorTest, NeverAlertsOnSamplesThatWereOldWhenTheyCame) {
  history_[1'300].value = 500;
  Begin();
  Append(kCpu, history_);
  Score();
  EXPECT_EQ(outbox_->size(), 0U);
}

TEST_F(StreamDetectorTest, ReadsWhatItMissedFromTheStoreAfterARestart) {
  Begin();
  Append(kCpu, history_);
  Score();
  ASSERT_TRUE(SaveState(directory_.path() / "state", store_->id(), 1, detector_->table(), *outbox_));
  Live(kCpu, 500);  // stored, and not scored: killed
  const TimestampMs spike = clock_.Now();

  StartDetector();
  ASSERT_EQ(LoadState(directory_.path() / "state", store_->id(), *detector_, *outbox_), 1U);
  Begin();
  ASSERT_EQ(outbox_->size(), 1U);
  EXPECT_EQ(outbox_->All().front().span.start, spike);
}

TEST_F(StreamDetectorTest, AnAnomalyUnderWayGoesOnAsTheSameOneAfterARestart) {
  Begin();
  Append(kCpu, history_);
  Live(kCpu, 500);
  const TimestampMs spike = clock_.Now();
  Score();
  ASSERT_EQ(outbox_->size(), 1U);
  ASSERT_TRUE(SaveState(directory_.path() / "state", store_->id(), 1, detector_->table(), *outbox_));

  StartDetector();
  ASSERT_TRUE(LoadState(directory_.path() / "state", store_->id(), *detector_, *outbox_));
  EXPECT_EQ(outbox_->size(), 1U) << "the report had not reached the database";
  Begin();
  Live(kCpu, 700);
  Score();
  ASSERT_EQ(outbox_->size(), 1U);
  EXPECT_EQ(outbox_->All().front().span.start, spike);
}

TEST_F(StreamDetectorTest, WithoutItsStateASeriesLearnsFromItsHistoryAndDoesNotAlert) {
  history_[1'300].value = 500;
  Append(kCpu, history_);
  Begin();
  EXPECT_EQ(outbox_->size(), 0U);
  Live(kCpu, 1'000);
  Score();
  EXPECT_EQ(outbox_->size(), 1U) << "five days are known from the store";
}

TEST_F(StreamDetectorTest, SeriesBeyondTheLimitAreNotWatchedAndCounted) {
  StartDetector(/*most_series=*/1);
  Begin();
  Append(kCpu, history_);
  Append({"memory", {}}, history_);
  Score();
  EXPECT_EQ(detector_->table().size(), 1U);
  EXPECT_DOUBLE_EQ(own_metrics_.no_room.Value(), 1'440);
  EXPECT_DOUBLE_EQ(own_metrics_.scored.Value(), 1'440);
}

TEST_F(StreamDetectorTest, AnAnomalyOfASeriesThatFellSilentEnds) {
  Begin();
  Append(kCpu, history_);
  Live(kCpu, 500);
  Score();
  detector_->Sweep();
  EXPECT_FALSE(outbox_->All().front().ended);
  clock_.Advance(7h);
  detector_->Sweep();
  EXPECT_TRUE(outbox_->All().front().ended);
}

TEST_F(StreamDetectorTest, RefusesADamagedState) {
  Begin();
  Append(kCpu, history_);
  Score();
  const auto folder = directory_.path() / "state";
  ASSERT_TRUE(SaveState(folder, store_->id(), 1, detector_->table(), *outbox_));
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.path().filename().string().starts_with("series")) continue;
    std::fstream(entry.path(), std::ios::in | std::ios::out | std::ios::binary).seekp(100).put('\x55');
  }
  StartDetector();
  const auto loaded = LoadState(folder, store_->id(), *detector_, *outbox_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().reason, "detection.bad_state");
  EXPECT_EQ(LoadState(directory_.path() / "nothing", store_->id(), *detector_, *outbox_), 0U);
}

TEST_F(StreamDetectorTest, RefusesTheStateOfAnotherStore) {
  const auto folder = directory_.path() / "state";
  ASSERT_TRUE(SaveState(folder, Uuid{}, 1, detector_->table(), *outbox_));
  EXPECT_EQ(LoadState(folder, store_->id(), *detector_, *outbox_).error().reason, "detection.foreign_state");
}

}  // namespace
}  // namespace helios::detection
