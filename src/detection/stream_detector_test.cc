// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/stream_detector.h"

#include <gtest/gtest.h>

#include <fstream>

#include "detection/state_file.h"
#include "detection/testing/stream_detector_fixture.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

using StreamDetectorTest = StreamDetectorFixture;

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
