// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Days on which senders or clocks do what they should not: no storm of anomalies, and nothing stuck after.
#include "detection/state_file.h"
#include "detection/testing/stream_detector_fixture.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

class BadDaysTest : public StreamDetectorFixture {
 protected:
  void SetUp() override {
    Begin();
    Append(kCpu, history_);
    Score();
  }
  void LiveAsUsual(const tsdb::SeriesKey& key, int steps) {
    for (int i = 0; i < steps; ++i, ++live_) Live(key, Normal());
    Score();
  }
  /// That a spike is still found: nothing is stuck.
  void ExpectWatchful(const tsdb::SeriesKey& key) {
    Score();
    const std::size_t before = outbox_->size();
    Live(key, 1'000);
    Score();
    EXPECT_EQ(outbox_->size(), before + 1);
  }
};

TEST_F(BadDaysTest, ASeriesThatIsRenamedRaisesNothing) {
  const tsdb::SeriesKey renamed{"cpu_usage", {{"host", "web-1"}}};
  LiveAsUsual(renamed, 600);
  detector_->Sweep();
  EXPECT_EQ(outbox_->size(), 0U) << "the old one is silent, the new one begins at its usual level";
  ExpectWatchful(renamed);
}

TEST_F(BadDaysTest, ASeriesThatWasSilentForAWeekComesBackWithoutAnAnomaly) {
  clock_.Advance(7 * 24h);
  detector_->Sweep();
  LiveAsUsual(kCpu, 300);
  EXPECT_EQ(outbox_->size(), 0U);
  ExpectWatchful(kCpu);
}

TEST_F(BadDaysTest, ASeriesThatComesAHundredTimesTooFastRaisesNothing) {
  for (int i = 0; i < 2'400; ++i) {  // two hours
    clock_.Advance(3s);
    const auto step = static_cast<std::size_t>(i / 100);
    Append(kCpu, std::vector<ml::Sample>{{clock_.Now(), history_[(1'440 + step) % 288].value}});
  }
  Score();
  EXPECT_EQ(outbox_->size(), 0U);
  live_ += 24;
  LiveAsUsual(kCpu, 24);
  EXPECT_EQ(outbox_->size(), 0U) << "back at its pace";
}

TEST_F(BadDaysTest, AClockThatJumpsAheadAndBackDoublesNothingAndSticksNowhere) {
  const TimestampMs right = clock_.Now();
  clock_.Set(right + 365 * 24h);
  detector_->Sweep();
  Append(kCpu, std::vector<ml::Sample>{{right + kStep, Normal()}});  // senders know better
  Score();
  EXPECT_EQ(outbox_->size(), 0U);
  clock_.Set(right + kStep);
  detector_->Sweep();
  ++live_;
  LiveAsUsual(kCpu, 20);
  EXPECT_EQ(outbox_->size(), 0U);
  ExpectWatchful(kCpu);
  const TimestampMs spike = clock_.Now();
  clock_.Set(right - 24h);  // and then a day back: what comes is from the future, and is refused
  detector_->Sweep();
  clock_.Set(spike);
  LiveAsUsual(kCpu, 1);
  EXPECT_EQ(outbox_->size(), 1U) << "the same anomaly";
}

TEST_F(BadDaysTest, ARestartAmongThemAddsNothing) {
  clock_.Advance(7 * 24h);
  ASSERT_TRUE(SaveState(directory_.path() / "state", store_->id(), 1, detector_->table(), *outbox_));
  StartDetector();
  ASSERT_EQ(LoadState(directory_.path() / "state", store_->id(), *detector_, *outbox_), 1U);
  Begin();
  LiveAsUsual(kCpu, 300);
  EXPECT_EQ(outbox_->size(), 0U);
  ExpectWatchful(kCpu);
}

}  // namespace
}  // namespace helios::detection
