// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/counters.h"

#include "detection/history_scan.h"
#include "detection/state_file.h"
#include "detection/testing/stream_detector_fixture.h"

namespace helios::detection {
namespace {

const tsdb::SeriesKey kRequests{"http_requests_total", {{"host", "web-1"}}};

/// A counter whose rate a second is the fixture's history: about 50, with a day's rhythm.
class CountersTest : public StreamDetectorFixture {
 protected:
  CountersTest() {
    for (ml::Sample& sample : history_) {
      count_ += sample.value * Seconds();
      sample.value = count_;
    }
  }
  static double Seconds() { return std::chrono::duration<double>(kStep).count(); }
  /// One step more at the rate that this time of the day has, or at another one.
  void Count(std::optional<double> rate = std::nullopt) {
    const std::size_t i = (1'440 + live_++) % 288;
    const double usual =
        i == 0 ? history_[0].value / Seconds() : (history_[i].value - history_[i - 1].value) / Seconds();
    count_ += rate.value_or(usual) * Seconds();
    Live(kRequests, count_);
  }
  [[nodiscard]] std::vector<AnomalyReport> Reports() {
    Score();
    return outbox_->All();
  }

  double count_ = 0;
};

TEST_F(CountersTest, ACounterThatGrowsAsEverIsNoAnomaly) {
  Begin();
  Append(kRequests, history_);
  for (int i = 0; i < 300; ++i) Count();
  EXPECT_TRUE(Reports().empty());
}

TEST_F(CountersTest, AResetIsNoAnomaly) {
  Begin();
  Append(kRequests, history_);
  Count();
  count_ = 0;
  Live(kRequests, 17);  // began again within the step
  ++live_;
  count_ = 17;
  for (int i = 0; i < 300; ++i) Count();
  EXPECT_TRUE(Reports().empty());
}

TEST_F(CountersTest, AStepAtAnUnusualRateIsOneAndIsToldAsTheRate) {
  Begin();
  Append(kRequests, history_);
  Count(5'000);
  const TimestampMs spike = clock_.Now();
  const auto reports = Reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0].span.start, spike);
  EXPECT_NEAR(reports[0].span.value, 5'000, 1e-6);
  EXPECT_LT(reports[0].span.expected, 200) << "a second, and not the count";
}

TEST_F(CountersTest, ARestartLosesNoStepAndTellsNothingFalse) {
  Begin();
  Append(kRequests, history_);
  Score();
  ASSERT_TRUE(SaveState(directory_.path() / "state", store_->id(), 1, detector_->table(), *outbox_));
  StartDetector();
  ASSERT_EQ(LoadState(directory_.path() / "state", store_->id(), *detector_, *outbox_), 1U);
  Begin();
  const double before = own_metrics_.scored.Value();
  Count();
  EXPECT_TRUE(Reports().empty());
  EXPECT_EQ(own_metrics_.scored.Value(), before + 1) << "the step from the sample before the restart";
  Count(5'000);
  EXPECT_EQ(Reports().size(), 1U);
}

TEST_F(CountersTest, HistoryIsScannedByTheRateToo) {
  Append(kRequests, history_);
  count_ = 0;
  Live(kRequests, 17);
  ++live_;
  count_ = 17;
  for (int i = 0; i < 10; ++i) Count();
  Count(5'000);
  const auto scan = ScanHistory(*store_, kAcme, {.metric = kRequests.metric, .matchers = {}},
                                {.first = clock_.Now() - std::chrono::hours{24}, .last = clock_.Now()}, Judge{}, {});
  ASSERT_TRUE(scan);
  ASSERT_EQ(scan->series.size(), 1U);
  ASSERT_EQ(scan->series[0].anomalies.size(), 1U) << "the spike, and not the reset";
  EXPECT_EQ(scan->series[0].anomalies[0].start, clock_.Now());
}

TEST_F(CountersTest, TheCountOfAHistogramIsACounterAndOneOfThreadsIsNot) {
  Append({"latency_bucket", {{"le", "1"}}}, std::vector<ml::Sample>{{clock_.Now(), 1}});
  EXPECT_TRUE(IsCounter(*store_, kAcme, "latency_bucket"));
  EXPECT_TRUE(IsCounter(*store_, kAcme, "latency_count"));
  EXPECT_TRUE(IsCounter(*store_, kAcme, "latency_sum"));
  EXPECT_FALSE(IsCounter(*store_, kAcme, "thread_count"));
  EXPECT_FALSE(IsCounter(*store_, kAcme, "cpu"));
}

}  // namespace
}  // namespace helios::detection
