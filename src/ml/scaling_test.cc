// SPDX-License-Identifier: Apache-2.0
// Policies, the choice between them, and what is recommended.
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "ml/scaling_recommendation.h"
#include "ml/synthetic_series.h"

namespace helios::ml {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::size_t kDay = 288;
constexpr ScalingTarget kTarget{.per_replica_capacity = 10.0, .max_replicas = 1'000};

std::vector<double> ValuesOf(const std::vector<Sample>& samples) {
  std::vector<double> values;
  values.reserve(samples.size());
  for (const auto& sample : samples) values.push_back(sample.value);
  return values;
}

/// Load that leaps from 40 to 400 at 08:00 each day for an hour, which nobody can follow who does not know of it.
std::vector<Sample> DailyRush(std::size_t days) {
  auto samples = SyntheticSeries{.samples = days * kDay, .level = 40.0, .noise = 1.0}.Make();
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t at = i % kDay;
    if (at >= 96 && at < 108) samples[i].value += 360.0;
  }
  return samples;
}

/// Every decision of a policy over a trace.
std::vector<std::int32_t> Decisions(const LoadTrace& trace, const PolicySettings& settings) {
  const LoadOutlook outlook(trace, kTarget);
  ScalingPolicy policy(kTarget, outlook, settings);
  std::vector<std::int32_t> decisions;
  (void)Replay(trace, kTarget, {0, Ticks(trace)}, [&](const ScalingMoment& moment) {
    decisions.push_back(policy.Decide(moment));
    return decisions.back();
  });
  return decisions;
}

const std::vector<PolicySettings> kOneOfEach = {
    {.hpa = true, .utilisation = 0.6},
    {.headroom = 0.2},
    {.source = LoadSource::kForecast, .margin = 2.0},
    {.source = LoadSource::kLastHour, .margin = 1.2},
    {.source = LoadSource::kHalfDay, .margin = 0.7},
    {.source = LoadSource::kProfile, .margin = 1.0},
    {.source = LoadSource::kPeak, .margin = 0.6},
};

TEST(ScalingPolicy, NeverReactsToASpikeBeforeItsFirstTick) {
  // One-minute steps, so that a bucket of five is half known when the spike comes.
  auto load = ValuesOf(
      SyntheticSeries{.samples = 5 * 1'440, .step = minutes{1}, .level = 100.0, .daily_amplitude = 50.0, .noise = 5.0}
          .Make());
  const std::size_t at = 4 * 1'440 + 733;
  auto spiked = load;
  for (std::size_t i = at; i < spiked.size(); ++i) spiked[i] += 5'000.0;
  const LoadTrace plain{.load = load, .step = seconds{60}};
  const LoadTrace with_spike{.load = spiked, .step = seconds{60}};
  for (const auto& settings : kOneOfEach) {
    const auto before = Decisions(plain, settings);
    const auto after = Decisions(with_spike, settings);
    const std::size_t first = at * 4;  // ticks
    for (std::size_t tick = 0; tick <= first; ++tick) ASSERT_EQ(before[tick], after[tick]) << Describe(settings);
    EXPECT_GT(after[first + 1], before[first + 1]) << Describe(settings);  // seen once its first tick is over
  }
}

TEST(PolicyTournament, ChoosesAlikeUntilASpikeIsPast) {
  auto load = ValuesOf(DailyRush(7));
  auto spiked = load;
  for (std::size_t i = 6 * kDay; i < spiked.size(); ++i) spiked[i] *= 30.0;
  const auto plain = PolicyTournament::Run({.load = load, .step = seconds{300}}, kTarget);
  const auto with_spike = PolicyTournament::Run({.load = spiked, .step = seconds{300}}, kTarget);
  ASSERT_TRUE(plain && with_spike);
  for (std::size_t days = 0; days <= 6; ++days) {
    EXPECT_EQ(plain->ChooseAfter(days).settings, with_spike->ChooseAfter(days).settings);
    EXPECT_EQ(plain->ChooseAfter(days).reason, with_spike->ChooseAfter(days).reason);
  }
}

TEST(ScalingPolicy, MakesTheForecastAFloorAndNeverACeiling) {
  auto load = ValuesOf(SyntheticSeries{.samples = 5 * kDay, .noise = 1.0}.Make());
  const std::size_t at = 4 * kDay + 100;
  for (std::size_t i = at; i < at + 3; ++i) load[i] = 900.0;
  const auto decisions =
      Decisions({.load = load, .step = seconds{300}}, {.source = LoadSource::kForecast, .margin = 0.0});
  EXPECT_EQ(decisions[at * 20 + 1], 90);  // the forecast still says 100: ten replicas
}

TEST(ScalingPolicy, NeverFallsBelowWhatThePresentLoadNeeds) {
  const auto load = ValuesOf(SyntheticSeries{.samples = 5 * kDay, .daily_amplitude = 80.0, .noise = 20.0}.Make());
  const LoadTrace trace{.load = load, .step = seconds{300}};
  const LoadOutlook outlook(trace, kTarget);
  for (const auto& settings : kOneOfEach) {
    ScalingPolicy policy(kTarget, outlook, settings);
    (void)Replay(trace, kTarget, {0, Ticks(trace)}, [&](const ScalingMoment& moment) {
      const auto wanted = policy.Decide(moment);
      EXPECT_GE(wanted, ReplicasFor(moment.load, kTarget));
      return wanted;
    });
  }
}

TEST(ScalingPolicy, LetsReplicasGoOnlyAfterTheStabilisation) {
  std::vector<double> load(20, 100.0);
  load.insert(load.end(), 20, 10.0);
  const auto decisions = Decisions({.load = load, .step = seconds{60}}, {});
  EXPECT_EQ(decisions[80], 10);       // the fall at tick 80 is seen at 81
  EXPECT_EQ(decisions[81 + 18], 10);  // 300 s are 20 ticks: until 99 one of them still wanted ten
  EXPECT_EQ(decisions[81 + 19], 1);
}

TEST(PolicyTournament, ForeseesADailyRushAtLessThanTheBestSetHpa) {
  const auto load = ValuesOf(DailyRush(12));
  const LoadTrace trace{.load = load, .step = seconds{300}};
  const auto tournament = PolicyTournament::Run(trace, kTarget);
  ASSERT_TRUE(tournament);
  const auto choice = tournament->ChooseAfter(tournament->days());
  EXPECT_TRUE(choice.settings.source == LoadSource::kForecast || choice.settings.source == LoadSource::kProfile)
      << choice.reason;
  const auto comparison = CompareScaling(trace, *tournament, NewerHalf(trace));
  // Days judged by three others and few more may lose more than is tolerated; the HPA is set to lose as much.
  EXPECT_LE(comparison.ours.lost_load_share, 0.003);
  EXPECT_LT(comparison.ours.replica_hours, 0.5 * comparison.hpa.replica_hours);
  EXPECT_GE(comparison.ours.replica_hours, comparison.oracle.replica_hours);
}

TEST(PolicyTournament, StaysReactiveWherePredictionDoesNotPayAndSaysSo) {
  const std::vector<double> load(10 * kDay, 95.0);  // ten replicas for ever: nothing to foresee
  const auto tournament = PolicyTournament::Run({.load = load, .step = seconds{300}}, kTarget);
  ASSERT_TRUE(tournament);
  const auto choice = tournament->ChooseAfter(tournament->days());
  EXPECT_EQ(choice.settings.source, LoadSource::kPresent);
  EXPECT_NE(choice.reason.find("Prediction does not pay"), std::string::npos) << choice.reason;
  EXPECT_DOUBLE_EQ(choice.outcome.replica_hours, 10.0 * 24.0 * static_cast<double>(choice.days_judged));
}

TEST(PolicyTournament, IsNeverDearerThanTheHpaOnTheHistoryThatItChoseBy) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    const auto load =
        ValuesOf(SyntheticSeries{.samples = 8 * kDay, .level = 200.0, .noise = 20.0, .walk = 4.0, .seed = seed}.Make());
    const auto tournament = PolicyTournament::Run({.load = load, .step = seconds{300}}, kTarget);
    ASSERT_TRUE(tournament);
    const auto choice = tournament->ChooseAfter(tournament->days());
    if (choice.hpa.lost_load_share > PolicyTournament::kReserve * kTarget.tolerated_loss) continue;
    EXPECT_LE(choice.outcome.replica_hours, choice.hpa.replica_hours) << choice.reason;
  }
}

TEST(Recommend, ScalesUpBeforeADailyRushThatHasNotBegun) {
  auto history = DailyRush(11);
  history.resize(10 * kDay + 96);  // until just before eight o'clock of the eleventh day
  const auto answer = Recommend(history, {.target = kTarget, .current_replicas = 5});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->action, ScalingAction::kScaleUp) << answer->reason;
  EXPECT_GE(answer->recommended_replicas, 38);
  ASSERT_EQ(answer->schedule.size(), 12U);
  EXPECT_EQ(answer->schedule.front().time, history.back().time + minutes{5});
  EXPECT_EQ(answer->schedule.front().replicas, answer->recommended_replicas);
}

TEST(Recommend, HoldsAndScalesDownAgainstTheReplicasThereAre) {
  const auto history = SyntheticSeries{.samples = 6 * kDay, .level = 95.0}.Make();
  const auto holds = Recommend(history, {.target = kTarget, .current_replicas = 10});
  ASSERT_TRUE(holds);
  EXPECT_EQ(holds->recommended_replicas, 10);
  EXPECT_EQ(holds->action, ScalingAction::kHold);
  const auto down = Recommend(history, {.target = kTarget, .current_replicas = 40});
  ASSERT_TRUE(down);
  EXPECT_EQ(down->action, ScalingAction::kScaleDown);
}

TEST(Recommend, AnswersFromOneSampleByThePresentLoad) {
  const std::vector<Sample> one = {{FromUnixMs(1'700'000'000'000), 37.0}};
  const auto answer = Recommend(one, {.target = kTarget});
  ASSERT_TRUE(answer);
  EXPECT_GE(answer->recommended_replicas, 4);
  EXPECT_NE(answer->reason.find("Less than a day of history"), std::string::npos);
}

TEST(Advise, GivesTheReplicasOfTheWholeRecommendation) {
  for (const int spared : {0, 7, 100}) {  // so that the history ends at different times of day
    auto history = DailyRush(16);
    history.resize(history.size() - static_cast<std::size_t>(spared));
    const RecommendOptions options{
        .target = kTarget, .present = PresentLoad{history.back().time + minutes{8}, history.back().value * 1.5}};
    const auto whole = Recommend(history, options);
    ASSERT_TRUE(whole);
    const auto advice = Advise(history, options, whole->choice.settings);
    ASSERT_TRUE(advice);
    EXPECT_EQ(advice->replicas, whole->recommended_replicas) << whole->reason;
    EXPECT_GE(advice->replicas, ReplicasFor(options.present->load, kTarget));
  }
}

TEST(PolicyTournament, KeepsToAShareOfTheTimeWhereOneIsTolerated) {
  const auto history = ToLoadHistory(DailyRush(16));
  auto strict = kTarget;
  strict.tolerated_loss = 0.2;
  const auto loose = PolicyTournament::Run(history->trace(), strict)->ChooseAfter(16);
  strict.tolerated_short_time = 0.001;
  const auto kept = PolicyTournament::Run(history->trace(), strict)->ChooseAfter(16);
  EXPECT_GT(loose.outcome.short_time_share, 0.001);
  EXPECT_LE(kept.outcome.short_time_share, 0.001);
  EXPECT_GT(kept.outcome.replica_hours, loose.outcome.replica_hours);
}

TEST(Recommend, TellsTheCourseOfItsReplayByThePeaks) {
  const auto samples = DailyRush(6);
  const auto course = [&samples](std::size_t points) {
    return Recommend(samples, {.target = kTarget, .course_points = points}).value();
  };
  EXPECT_TRUE(course(0).course.empty());
  const auto told = course(24);  // the newer three days, in stretches of three hours
  ASSERT_EQ(told.course.size(), 24U);
  seconds ours_short{};
  seconds hpa_short{};
  for (std::size_t i = 0; i < told.course.size(); ++i) {
    const auto& point = told.course[i];
    EXPECT_EQ(point.load > 300.0, i % 8 == 2) << i;  // the rush of each day is in the stretch from 06:00
    ours_short += point.ours_short;
    hpa_short += point.hpa_short;
  }
  // What the stretches tell adds up to what the comparison sums up: three days.
  constexpr double kScored = 3.0 * 86'400.0;
  EXPECT_NEAR(static_cast<double>(ours_short.count()) / kScored, told.replay.ours.short_time_share, 1e-9);
  EXPECT_NEAR(static_cast<double>(hpa_short.count()) / kScored, told.replay.hpa.short_time_share, 1e-9);
}

TEST(Recommend, RefusesWhatItCannotAnswer) {
  const auto reason = [](const std::vector<Sample>& history, const RecommendOptions& options) {
    return Recommend(history, options).error().reason;
  };
  const auto history = SyntheticSeries{.samples = 100}.Make();
  EXPECT_EQ(reason({}, {.target = kTarget}), "scaling.not_enough_history");
  EXPECT_EQ(reason({{FromUnixMs(0), std::nan("")}}, {.target = kTarget}), "scaling.not_enough_history");
  EXPECT_EQ(reason({{TimestampMs::max(), 1.0}}, {.target = kTarget}), "inference.bad_timestamp");
  EXPECT_EQ(reason(history, {.target = {.per_replica_capacity = 0.0}}), "scaling.bad_target");
  EXPECT_EQ(reason(history, {.target = kTarget, .current_replicas = -1}), "scaling.bad_target");
  EXPECT_EQ(reason(history, {.target = kTarget, .horizon = minutes{0}}), "scaling.bad_horizon");
  EXPECT_EQ(reason(history, {.target = kTarget, .horizon = minutes{1'441}}), "scaling.bad_horizon");
}

TEST(ToLoadHistory, AveragesToMinutesAndBeginsWithADay) {
  std::vector<Sample> samples;
  // Three days and a quarter of an hour, every 15 s, from 22:13:20 on to 22:28:05.
  for (int i = 0; i < 3 * 5'760 + 60; ++i) {
    samples.push_back({FromUnixMs(1'700'000'000'000) + seconds{15} * i, i % 4 == 0 ? 8.0 : 4.0});
  }
  const auto history = ToLoadHistory(samples);
  ASSERT_TRUE(history);
  EXPECT_EQ(history->step, seconds{60});
  EXPECT_EQ(FormatRfc3339(history->first), "2023-11-15T00:00:00Z");
  EXPECT_EQ(FormatRfc3339(history->end()), "2023-11-17T22:29:00Z");
  ASSERT_EQ(history->load.size(), 2U * 1'440U + 22U * 60U + 29U);
  EXPECT_DOUBLE_EQ(history->load[0], 5.0);
}

}  // namespace
}  // namespace helios::ml
