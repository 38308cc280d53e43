// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/drift_watch.h"

#include <gmock/gmock.h>

#include "detection/testing/stream_detector_fixture.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FakeListener final : public DriftListener {
 public:
  [[nodiscard]] bool OnDrift(const DriftedMetric& drift) override {
    told.push_back(fmt::format("{} {}/{}", drift.metric, drift.shifted, drift.active));
    return trains;
  }
  std::vector<std::string> told;
  bool trains = true;
};

class DriftWatchTest : public StreamDetectorFixture {
 protected:
  /// Of `count` series of the metric with a sample now; their ids by host.
  std::vector<tsdb::SeriesId> MakeSeries(const std::string& metric, int count) {
    for (int i = 0; i < count; ++i) {
      Append({metric, {{"host", fmt::format("h{:03}", i)}}}, std::vector<ml::Sample>{{clock_.Now(), 1.0}});
    }
    std::vector<tsdb::SeriesId> ids;
    const auto found = store_->FindSeries(kAcme, {.metric = metric, .matchers = {}}, 1'000);
    for (const auto& info : found.value()) ids.push_back(info.id);
    return ids;
  }
  /// Live values around a level, as a service has them that was moved.
  void Level(double level, int samples) {
    for (int i = 0; i < samples; ++i) Live(kCpu, level + (i * 7'919 % 13) / 6.5);
    Score();
  }

  FakeListener listener_;
  DriftWatch watch_{*store_, clock_, listener_};
};

TEST_F(DriftWatchTest, OneShiftedSeriesInAHundredIsADriftAndFewerAreNot) {
  const auto cpu = MakeSeries("cpu", 100);
  const auto memory = MakeSeries("memory", 101);
  watch_.Note(kAcme, cpu[7]);
  watch_.Note(kAcme, memory[7]);
  watch_.Note(kAcme, memory[7]);
  watch_.Tell();
  EXPECT_THAT(listener_.told, ElementsAre("cpu 1/100"));
  clock_.Advance(2min);
  watch_.Note(kAcme, memory[8]);
  watch_.Tell();
  EXPECT_THAT(listener_.told, ElementsAre("cpu 1/100", "memory 2/101")) << "what is trained is told once";
  clock_.Advance(2min);
  watch_.Tell();
  EXPECT_EQ(listener_.told.size(), 2U);
}

TEST_F(DriftWatchTest, WhatIsNotTrainedIsToldAgainUntilItIsOld) {
  const auto cpu = MakeSeries("cpu", 1);
  listener_.trains = false;
  watch_.Note(kAcme, cpu[0]);
  watch_.Tell();
  watch_.Tell();
  EXPECT_EQ(listener_.told.size(), 1U) << "at most once a minute";
  clock_.Advance(1min);
  watch_.Tell();
  EXPECT_EQ(listener_.told.size(), 2U);
  clock_.Advance(DriftWatch::kRemember);
  MakeSeries("cpu", 1);
  watch_.Tell();
  EXPECT_EQ(listener_.told.size(), 2U);
}

TEST_F(DriftWatchTest, SeriesThatFellSilentOrAreGoneAreNoDrift) {
  const auto cpu = MakeSeries("cpu", 1);
  watch_.Note(kAcme, cpu[0]);
  watch_.Note(kAcme, tsdb::SeriesId{1'000'000});
  clock_.Advance(61min);
  watch_.Tell();
  EXPECT_THAT(listener_.told, IsEmpty());
}

TEST_F(DriftWatchTest, ALevelThatMovesForGoodIsNotedAndASpikeIsNot) {
  StartDetector(100, &watch_);
  Begin();
  Append(kCpu, history_);
  Level(100, 288);
  Live(kCpu, 5'000);
  Level(100, 60);
  watch_.Tell();
  listener_.told.clear();  // of the step from the history's level, if it was one
  Level(1'000, 200);
  watch_.Tell();
  EXPECT_THAT(listener_.told, ElementsAre("cpu 1/1"));
}

TEST_F(DriftWatchTest, HistoryThatComesLateIsNoDrift) {
  for (std::size_t i = 700; i < history_.size(); ++i) history_[i].value += 1'000;
  StartDetector(100, &watch_);
  Begin();
  Append(kCpu, history_);
  Score();
  watch_.Tell();
  EXPECT_THAT(listener_.told, IsEmpty());
}

}  // namespace
}  // namespace helios::detection
