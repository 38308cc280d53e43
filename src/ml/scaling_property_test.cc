// SPDX-License-Identifier: Apache-2.0
// Whatever load and target come in, a clear error or a sensible plan comes out, and the same bits each time.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "ml/scaling_recommendation.h"

namespace helios::ml {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool IsSane(const ScalingOutcome& outcome, const ScalingTarget& target) {
  return std::isfinite(outcome.replica_hours) && outcome.replica_hours >= 0.0 && outcome.lost_load_share >= 0.0 &&
         outcome.lost_load_share <= 1.0 && outcome.short_time_share >= 0.0 && outcome.short_time_share <= 1.0 &&
         outcome.most_replicas >= 0 && outcome.most_replicas <= target.max_replicas;
}

bool Same(const ScalingOutcome& a, const ScalingOutcome& b) {
  return a.replica_hours == b.replica_hours && a.lost_load_share == b.lost_load_share &&
         a.short_time_share == b.short_time_share && a.most_replicas == b.most_replicas;
}

void CheckSane(const std::vector<Sample>& history, const RecommendOptions& options) {
  const auto& target = options.target;
  const auto answer = Recommend(history, options);
  const bool known = std::ranges::any_of(history, [](const Sample& sample) { return std::isfinite(sample.value); });
  if (!known || !CheckScalingTarget(target)) {
    RC_ASSERT(!answer);
    RC_ASSERT(!answer.error().message.empty());
    return;
  }
  RC_ASSERT(static_cast<bool>(answer));
  RC_ASSERT(answer->recommended_replicas >= target.min_replicas);
  RC_ASSERT(answer->recommended_replicas <= target.max_replicas);
  RC_ASSERT(answer->recommended_replicas >= ReplicasFor(answer->history.load.back(), target));
  RC_ASSERT(!answer->reason.empty());
  RC_ASSERT(!answer->schedule.empty());
  RC_ASSERT(answer->schedule.front().replicas == answer->recommended_replicas);
  for (std::size_t i = 0; i < answer->schedule.size(); ++i) {
    const auto& planned = answer->schedule[i];
    RC_ASSERT(planned.replicas >= target.min_replicas && planned.replicas <= target.max_replicas);
    RC_ASSERT(i == 0 || answer->schedule[i - 1].time < planned.time);
  }
  const auto& replay = answer->replay;
  for (const auto& outcome : {replay.ours, replay.hpa, replay.static_peak, replay.oracle, answer->choice.outcome}) {
    RC_ASSERT(IsSane(outcome, target));
  }
  RC_ASSERT(replay.oracle.replica_hours <= replay.static_peak.replica_hours);

  const auto again = Recommend(history, options);
  RC_ASSERT(again->recommended_replicas == answer->recommended_replicas);
  RC_ASSERT(again->reason == answer->reason);
  RC_ASSERT(Same(again->replay.ours, replay.ours) && Same(again->replay.hpa, replay.hpa));
}

rc::Gen<double> AnyLoad() {
  return rc::gen::weightedOneOf<double>(
      {{6, rc::gen::map(rc::gen::inRange(-100, 100'000), [](int i) { return i / 100.0; })},
       {1, rc::gen::element(1e308, -1e308, std::numeric_limits<double>::max(), 5e-324, 0.0, kNaN,
                            std::numeric_limits<double>::infinity())}});
}

rc::Gen<RecommendOptions> AnyOptions() {
  const auto capacity = rc::gen::element(10.0, 10.0, 10.0, 1.0, 0.3, 1e-308, 1e308, 0.0, kNaN);
  const auto bound = rc::gen::element(0, 1, 3, 50, 100'000);
  const auto delay = rc::gen::element(0, 1, 120, 300, 3'600);
  return rc::gen::map(rc::gen::tuple(capacity, bound, bound, delay, delay, rc::gen::element(0.0, 0.001, 0.5)),
                      [](const std::tuple<double, int, int, int, int, double>& from) {
                        const auto& [per_replica, least, most, startup, stabilisation, tolerated] = from;
                        return RecommendOptions{.target = {.per_replica_capacity = per_replica,
                                                           .min_replicas = least,
                                                           .max_replicas = most,
                                                           .startup = seconds{startup},
                                                           .stabilisation = seconds{stabilisation},
                                                           .tolerated_loss = tolerated}};
                      });
}

TEST(ScalingProperties, AnyHistoryAndTargetGiveAnErrorOrASanePlan) {
  EXPECT_TRUE(rc::check("irregular times, broken loads, targets at their limits", [] {
    auto time = FromUnixMs(1'700'000'000'000);
    std::vector<Sample> history;
    for (const double load : *rc::gen::container<std::vector<double>>(AnyLoad())) {
      history.push_back({time, load});
      time += seconds{*rc::gen::element(0, 60, 60, 300, 300, 3'600, -60)};
    }
    CheckSane(history, *AnyOptions());
  }));
}

TEST(ScalingProperties, LongHistoriesOfAnyStepGiveAnErrorOrASanePlan) {
  const RecommendOptions options{.target = {.per_replica_capacity = 7.0, .max_replicas = 500}};
  constexpr std::array kSteps = {1, 60, 300, 420, 1'800, 3'600, 43'200, 86'400};
  constexpr std::array kExtremes = {40.0, 1e308, kNaN, 0.0};
  for (std::size_t k = 0; k < kSteps.size(); ++k) {
    std::vector<Sample> history;
    for (int i = 0; i < 1'200; ++i) {
      history.push_back({FromUnixMs(1'700'000'000'000) + seconds{kSteps[k]} * i,
                         i % 97 == 0 ? kExtremes[k % kExtremes.size()] : 50.0 + 40.0 * std::sin(0.02 * i)});
    }
    CheckSane(history, options);
  }
  // Five minutes, as most are: every extreme.
  for (const double extreme : kExtremes) {
    std::vector<Sample> history;
    for (int i = 0; i < 1'200; ++i) {
      history.push_back(
          {FromUnixMs(1'700'000'000'000) + minutes{5} * i, i % 97 == 0 ? extreme : 50.0 + 40.0 * std::sin(0.02 * i)});
    }
    CheckSane(history, options);
  }
}

TEST(ScalingProperties, NoLoadAtAllNeedsTheLeastReplicas) {
  std::vector<Sample> history;
  for (int i = 0; i < 2'000; ++i) history.push_back({FromUnixMs(1'700'000'000'000) + minutes{5} * i, 0.0});
  const auto answer = Recommend(history, {.target = {.per_replica_capacity = 7.0, .min_replicas = 2}});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->recommended_replicas, 2);
  EXPECT_DOUBLE_EQ(answer->replay.ours.lost_load_share, 0.0);
}

TEST(ScalingProperties, AGapOfAWeekDoesNotEndThePlan) {
  std::vector<Sample> history;
  for (int i = 0; i < 12 * 288; ++i) {
    if (i >= 3 * 288 && i < 10 * 288) continue;
    history.push_back({FromUnixMs(1'700'006'400'000) + minutes{5} * i, 50.0 + 40.0 * std::sin(i / 45.8)});
  }
  CheckSane(history, {.target = {.per_replica_capacity = 7.0}});
}

}  // namespace
}  // namespace helios::ml
