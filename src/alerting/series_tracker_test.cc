// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/series_tracker.h"

#include <gtest/gtest.h>

namespace helios::alerting {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kStart = FromUnixMs(1'767'441'600'000);

Judged At(std::chrono::seconds offset, bool holds, double excess = 1) {
  return {.time = kStart + offset, .holds = holds, .value = 95, .excess = excess};
}

TEST(SeriesTracker, FiresOnceAndResolvesOnce) {
  Track track;
  EXPECT_EQ(Advance(track, At(0s, false), 0s), Edge::kNone);
  EXPECT_EQ(Advance(track, At(15s, true), 0s), Edge::kFires);
  EXPECT_EQ(Advance(track, At(30s, true), 0s), Edge::kNone);
  EXPECT_EQ(track.since, kStart + 15s);
  EXPECT_EQ(Advance(track, At(45s, false), 0s), Edge::kResolves);
  EXPECT_EQ(Advance(track, At(60s, false), 0s), Edge::kNone);
}

TEST(SeriesTracker, WaitsUntilTheConditionHeldForItsTime) {
  Track track;
  EXPECT_EQ(Advance(track, At(0s, true), 60s), Edge::kNone);
  EXPECT_EQ(Advance(track, At(59s, true), 60s), Edge::kNone);
  EXPECT_EQ(track.state, TrackState::kPending);
  EXPECT_EQ(Advance(track, At(60s, true), 60s), Edge::kFires);
}

TEST(SeriesTracker, BeginsToWaitAgainAfterASampleForWhichItDoesNotHold) {
  Track track;
  Advance(track, At(0s, true), 60s);
  EXPECT_EQ(Advance(track, At(30s, false), 60s), Edge::kNone);
  Advance(track, At(45s, true), 60s);
  EXPECT_EQ(Advance(track, At(90s, true), 60s), Edge::kNone);
  EXPECT_EQ(Advance(track, At(105s, true), 60s), Edge::kFires);
}

TEST(SeriesTracker, AGapEndsAPendingStretchAndNotAFiringOne) {
  Track track;
  Advance(track, At(0s, true), 60s);
  EXPECT_EQ(Advance(track, At(11min, true), 60s), Edge::kNone) << "nobody knows what was in between";
  EXPECT_EQ(track.since, kStart + 11min);
  EXPECT_EQ(Advance(track, At(12min, true), 60s), Edge::kFires);
  EXPECT_EQ(Advance(track, At(40min, true), 60s), Edge::kNone);
  EXPECT_EQ(track.state, TrackState::kFiring);
}

TEST(SeriesTracker, JudgingTheSameSamplesAgainChangesNothing) {
  Track track;
  Advance(track, At(0s, true), 0s);
  Advance(track, At(15s, false), 0s);
  const Track before = track;
  EXPECT_EQ(Advance(track, At(0s, true), 0s), Edge::kNone);
  EXPECT_EQ(Advance(track, At(15s, true), 0s), Edge::kNone);
  EXPECT_EQ(track, before);
}

TEST(SeriesTracker, RemembersTheLargestExcessOfAStretch) {
  Track track;
  Advance(track, At(0s, true, 1), 0s);
  Advance(track, At(15s, true, 7), 0s);
  Advance(track, At(30s, true, 2), 0s);
  EXPECT_EQ(track.excess, 7);
  Advance(track, At(45s, false), 0s);
  Advance(track, At(60s, true, 3), 0s);
  EXPECT_EQ(track.excess, 3);
}

TEST(TrackState, SurvivesItsName) {
  for (const TrackState state : {TrackState::kOk, TrackState::kPending, TrackState::kFiring}) {
    EXPECT_EQ(ParseTrackState(TrackStateName(state)), state);
  }
}

}  // namespace
}  // namespace helios::alerting
