// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/watch_clock.h"

#include <gtest/gtest.h>

#include "detection/history_scan.h"
#include "detection/state_file.h"
#include "detection/state_json.h"
#include "detection/testing/stream_detector_fixture.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

TimestampMs At(std::string_view text) {
  return ParseRfc3339(text).value();
}

/// A job that runs for two hours from 09:00 on the walls of Berlin, each five minutes from `first` on.
std::vector<ml::Sample> MorningJob(TimestampMs first, int days) {
  const auto berlin = FindZone("Europe/Berlin");
  std::vector<ml::Sample> samples;
  for (int i = 0; i < days * 288; ++i) {
    const TimestampMs time = first + i * 5min;
    const std::int64_t of_day = ToUnixMs(berlin->clock.ToLocal(time)) % 86'400'000;
    const bool runs = of_day >= 9 * 3'600'000 && of_day < 11 * 3'600'000;
    samples.push_back({.time = time, .value = (runs ? 80.0 : 20.0) + (i * 7'919 % 13) / 6.5});
  }
  return samples;
}

TEST(WatchClock, MovesAsItsZoneDoes) {
  WatchClock clock;
  EXPECT_EQ(clock.OffsetAt(At("2026-07-01T00:00:00Z")), 0s);
  clock.Follow(FindZone("Europe/Berlin"), At("2026-03-01T00:00:00Z"));
  const auto winter = clock.OffsetAt(At("2026-03-29T00:59:59Z"));
  EXPECT_EQ(winter, 0s) << "taken over without a jump";
  EXPECT_EQ(clock.OffsetAt(At("2026-03-29T01:00:00Z")), winter + 1h);
  clock.Follow(nullptr, At("2026-04-01T00:00:00Z"));
  EXPECT_EQ(clock.zone(), "Europe/Berlin");
}

TEST(WatchClock, AnotherZoneIsTakenOverWithoutAJump) {
  WatchClock clock;
  clock.Follow(FindZone("Europe/Berlin"), At("2026-03-01T00:00:00Z"));
  const TimestampMs changed = At("2026-06-01T12:00:00Z");
  const auto before = clock.OffsetAt(changed);
  clock.Follow(FindZone("America/New_York"), changed);
  EXPECT_EQ(clock.OffsetAt(changed), before);
  EXPECT_EQ(clock.OffsetAt(At("2026-10-25T12:00:00Z")), before) << "Berlin's clock is put back a week earlier";
  EXPECT_EQ(clock.OffsetAt(At("2026-11-01T12:00:00Z")), before - 1h);
  const WatchClock saved(clock.zone(), clock.shift());
  EXPECT_EQ(saved.OffsetAt(changed), before);
}

TEST(TenantZone, AMorningJobIsNoAnomalyAfterTheClockWasPutForwardOrBack) {
  for (const char* change : {"2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z"}) {
    const auto samples = MorningJob(At(change) - 24h * 14, 18);
    const tsdb::TimeRange after{At(change), samples.back().time};
    EXPECT_TRUE(FindAnomalies(samples, {.detector = {}, .clock = FindZone("Europe/Berlin")->clock}, after).empty())
        << change;
    EXPECT_FALSE(FindAnomalies(samples, {}, after).empty()) << change << ": by UTC the job moved";
  }
}

class WatchedZoneTest : public StreamDetectorFixture {
 protected:
  /// The samples come at their times, after what is in the store.
  void Come(std::span<const ml::Sample> samples) {
    for (const ml::Sample& sample : samples) {
      clock_.Set(sample.time);
      Append(kCpu, {{sample}});
    }
    Score();
  }
};

TEST_F(WatchedZoneTest, ASeriesThatIsWatchedFollowsTheTenantsZoneAlsoAfterARestart) {
  zone_ = FindZone("Europe/Berlin");
  const TimestampMs change = At("2026-03-29T01:00:00Z");
  const auto samples = MorningJob(change - 24h * 14, 17);
  clock_.Set(samples.front().time);
  StartDetector();
  Begin();
  const std::span all(samples);
  Come(all.first(14 * 288 - 10));
  ASSERT_TRUE(SaveState(directory_.path() / "state", store_->id(), 1, detector_->table(), *outbox_));
  outbox_.reset();
  zone_ = nullptr;  // the database is away after the restart
  StartDetector();
  ASSERT_TRUE(LoadState(directory_.path() / "state", store_->id(), *detector_, *outbox_));
  const std::size_t before = outbox_->size();
  Begin();
  EXPECT_EQ(detector_->table().Of(kAcme).clock.zone(), "Europe/Berlin");
  Come(all.subspan(14 * 288 - 10));
  EXPECT_EQ(outbox_->size(), before);
}

TEST_F(WatchedZoneTest, AChangedZoneRaisesNoAnomaly) {
  zone_ = FindZone("Europe/Berlin");
  const auto samples = MorningJob(At("2026-05-04T00:00:00Z"), 17);
  clock_.Set(samples.front().time);
  StartDetector();
  Begin();
  const std::span all(samples);
  Come(all.first(14 * 288));
  const std::size_t before = outbox_->size();
  zone_ = FindZone("Asia/Tokyo");
  detector_->Sweep();
  EXPECT_EQ(detector_->table().Of(kAcme).clock.zone(), "Asia/Tokyo");
  Come(all.subspan(14 * 288));
  EXPECT_EQ(outbox_->size(), before);
}

TEST_F(WatchedZoneTest, AStateFromBeforeThereWereZonesGoesOnByUtc) {
  ASSERT_TRUE(RestoreFromJson(R"({"open": [], "waiting": []})", *detector_, *outbox_));
  EXPECT_EQ(detector_->table().Of(kAcme).clock.zone(), "UTC");
  const auto clocks = [](std::string_view zone, std::string_view shift) {
    return fmt::format(
        R"({{"open": [], "waiting": [], "clocks": [{{"tenant": "{}", "zone": {}, "shift_seconds": {}}}]}})",
        kAcme.ToString(), zone, shift);
  };
  ASSERT_TRUE(RestoreFromJson(clocks(R"("Asia/Tokyo")", "-3600"), *detector_, *outbox_));
  EXPECT_EQ(detector_->table().Of(kAcme).clock.OffsetAt(At("2026-01-01T00:00:00Z")), 8h);
  EXPECT_FALSE(RestoreFromJson(clocks("7", "0"), *detector_, *outbox_));
  EXPECT_FALSE(RestoreFromJson(clocks(R"("UTC")", R"("much")"), *detector_, *outbox_));
}

}  // namespace
}  // namespace helios::detection
