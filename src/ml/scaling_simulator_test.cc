// SPDX-License-Identifier: Apache-2.0
#include "ml/scaling_simulator.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "ml/internal/scaling/replica_set.h"

namespace helios::ml {
namespace {

using std::chrono::seconds;

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

/// Six minutes, of which the last four need three replicas instead of one.
const std::vector<double> kJump = {1, 1, 3, 3, 3, 3};
const LoadTrace kJumpTrace{.load = kJump, .step = seconds{60}};
constexpr ScalingTarget kUnit{.per_replica_capacity = 1.0, .startup = seconds{60}};

std::int32_t AsLoaded(const ScalingMoment& moment) {
  return ReplicasFor(moment.load, kUnit);
}

TEST(ReplicaSet, TakesAwayTheYoungestFirst) {
  ReplicaSet replicas(2, /*startup=*/4);
  replicas.ScaleTo(5, 0);
  replicas.ScaleTo(6, 1);
  replicas.ScaleTo(4, 2);  // the one of tick 1, and one of the three of tick 0
  EXPECT_EQ(replicas.total(), 4);
  EXPECT_EQ(replicas.ready(), 2);
  replicas.Advance(4);
  EXPECT_EQ(replicas.ready(), 4);
  replicas.ScaleTo(1, 5);
  EXPECT_EQ(replicas.ready(), 1);
}

TEST(Replay, LosesWhatComesBeforeNewReplicasHaveStarted) {
  const auto outcome = Replay(kJumpTrace, kUnit, {0, 24}, AsLoaded);
  // The jump at tick 8 is seen at tick 9 and served from tick 13 on: 5 of 24 ticks lack 2 of 3, 10 of 56 in all.
  EXPECT_DOUBLE_EQ(outcome.lost_load_share, 10.0 / 56.0);
  EXPECT_DOUBLE_EQ(outcome.short_time_share, 5.0 / 24.0);
  // One replica for 9 ticks, three for 15, from being asked for on; 240 ticks are an hour.
  EXPECT_DOUBLE_EQ(outcome.replica_hours, 54.0 / 240.0);
  EXPECT_EQ(outcome.most_replicas, 3);
}

TEST(Replay, CountsOnlyWhatIsScored) {
  const auto outcome = Replay(kJumpTrace, kUnit, {13, 24}, AsLoaded);
  EXPECT_DOUBLE_EQ(outcome.lost_load_share, 0.0);
  EXPECT_DOUBLE_EQ(outcome.replica_hours, 33.0 / 240.0);
}

TEST(Replay, HoldsTheNewestKnownLoadThroughAGapAndCountsNothingThere) {
  const std::vector<double> load = {2, kGap, kGap, 2};
  const auto outcome = Replay({.load = load, .step = seconds{60}}, kUnit, {0, 16}, AsLoaded);
  EXPECT_DOUBLE_EQ(outcome.replica_hours, 16.0 / 240.0);  // two replicas for the eight ticks that are known
  EXPECT_DOUBLE_EQ(outcome.lost_load_share, 0.0);
}

TEST(Replay, KeepsARuleWithinTheTargetsBounds) {
  ScalingTarget target = kUnit;
  target.min_replicas = 2;
  target.max_replicas = 2;
  const auto outcome = Replay(kJumpTrace, target, {0, 24}, [](const ScalingMoment&) { return 50; });
  EXPECT_DOUBLE_EQ(outcome.replica_hours, 48.0 / 240.0);
  EXPECT_DOUBLE_EQ(outcome.lost_load_share, 16.0 / 56.0);  // one of three, for sixteen ticks
}

TEST(ReplayOracle, PaysExactlyWhatTheLoadNeeds) {
  const auto outcome = ReplayOracle(kJumpTrace, kUnit, {0, 24});
  EXPECT_DOUBLE_EQ(outcome.replica_hours, 56.0 / 240.0);
  EXPECT_DOUBLE_EQ(outcome.lost_load_share, 0.0);
}

TEST(ReplayStaticPeak, PaysThePeakAllTheTime) {
  EXPECT_DOUBLE_EQ(ReplayStaticPeak(kJumpTrace, kUnit, {0, 24}).replica_hours, 72.0 / 240.0);
}

TEST(ReplayHpa, ReactsToWhatItSawAndWaitsForPodsToStart) {
  const auto outcome = ReplayHpa(kJumpTrace, kUnit, {0, 24}, /*utilisation=*/1.0);
  // Desired goes from 1 to 3 at tick 9 as AsLoaded() does: the limit of four more does not bind.
  EXPECT_DOUBLE_EQ(outcome.lost_load_share, 10.0 / 56.0);
  EXPECT_DOUBLE_EQ(outcome.replica_hours, 54.0 / 240.0);
}

TEST(CheckLoadTrace, RefusesStepsThatTicksDoNotFillAndTracesWithoutALoad) {
  const std::vector<double> load = {1, 2};
  EXPECT_EQ(CheckLoadTrace({.load = load, .step = seconds{20}}).error().reason, "scaling.bad_trace");
  EXPECT_EQ(CheckLoadTrace({.load = load, .step = seconds{0}}).error().reason, "scaling.bad_trace");
  EXPECT_EQ(CheckLoadTrace({.load = {}, .step = seconds{60}}).error().reason, "scaling.not_enough_history");
  const std::vector<double> unknown = {kGap, kGap};
  EXPECT_EQ(CheckLoadTrace({.load = unknown, .step = seconds{60}}).error().reason, "scaling.not_enough_history");
  EXPECT_TRUE(CheckLoadTrace(kJumpTrace));
}

TEST(CheckScalingTarget, NamesTheFieldThatIsWrong) {
  const auto message = [](const ScalingTarget& target) { return CheckScalingTarget(target).error().message; };
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double capacity : {0.0, -1.0, kGap, infinity}) {
    EXPECT_NE(message({.per_replica_capacity = capacity}).find("per_replica_capacity"), std::string::npos);
  }
  EXPECT_NE(message({.per_replica_capacity = 1.0, .min_replicas = 5, .max_replicas = 4}).find("min_replicas 5"),
            std::string::npos);
  EXPECT_NE(message({.per_replica_capacity = 1.0, .max_replicas = 0}).find("max_replicas 0"), std::string::npos);
  EXPECT_NE(message({.per_replica_capacity = 1.0, .startup = seconds{-1}}).find("start-up of -1 s"), std::string::npos);
  EXPECT_NE(message({.per_replica_capacity = 1.0, .tolerated_loss = kGap}).find("lost"), std::string::npos);
  EXPECT_TRUE(CheckScalingTarget({.per_replica_capacity = 1.0}));
}

TEST(ReplicasFor, RoundsUpButNotForARoundingError) {
  EXPECT_EQ(ReplicasFor(0.0, 10.0), 0);
  EXPECT_EQ(ReplicasFor(-5.0, 10.0), 0);
  EXPECT_EQ(ReplicasFor(kGap, 10.0), 0);
  EXPECT_EQ(ReplicasFor(0.1, 10.0), 1);
  EXPECT_EQ(ReplicasFor(3 * 0.1, 0.1), 3);  // 0.30000000000000004 / 0.1 is a little over 3
  EXPECT_EQ(ReplicasFor(31.0, 10.0), 4);
  EXPECT_EQ(ReplicasFor(1e308, 1e-300), kMostReplicas);
  EXPECT_EQ(ReplicasFor(1e308, ScalingTarget{.per_replica_capacity = 1.0, .max_replicas = 7}), 7);
}

}  // namespace
}  // namespace helios::ml
