// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/rule_evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numbers>
#include <thread>

#include "alerting/testing/rule_evaluator_fixture.h"

namespace helios::alerting {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(RuleEvaluatorTest, ASpikeBetweenTwoLooksIsSeen) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Append(kNoon + 5s, 50);
  Append(kNoon + 10s, 95);
  Append(kNoon + 15s, 50);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened", "incident.resolved"));
}

TEST_F(RuleEvaluatorTest, AClockThatWasAheadLeavesNoRuleWaiting) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Look(*evaluator, 365 * 24h);
  clock.Set(kNoon + 10s);
  Append(clock.Now(), 95);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Look(*evaluator);
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened"));
}

TEST_F(RuleEvaluatorTest, TheSameEvaluationWrittenTwiceCountsOnce) {
  AlertRule rule = MakeRule(Condition::kAbove);
  const tsdb::SeriesKey key{.metric = "cpu", .labels = {{"host", "a"}}};
  Evaluation evaluation;
  evaluation.after[SeriesKeyOf(key)] = {
      .key = key,
      .track = {.state = TrackState::kFiring, .since = kNoon, .last_time = kNoon, .value = 95, .excess = 5}};
  const auto write = [&] {
    auto tx = database.Begin(kAcme);
    const auto written = WriteEvaluation(*tx, rule, evaluation, sink, kNoon);
    EXPECT_TRUE(written) << written.error().message;
    if (written.value_or(false)) EXPECT_TRUE(tx->Commit());
    return written.value_or(false);
  };
  EXPECT_TRUE(write());
  EXPECT_FALSE(write()) << "another process was first";
  EXPECT_EQ(Incidents(), "1");
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened"));
}

TEST_F(RuleEvaluatorTest, TwoEvaluatorsAtOnceRaiseOneIncident) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto one = NewEvaluator();
  const auto two = NewEvaluator();
  for (int host = 0; host < 20; ++host) Append(kNoon, 95, std::to_string(host));
  clock.Advance(30s);
  std::thread other([&] { EXPECT_TRUE(two->EvaluateDue(kAcme, 1ms)); });
  EXPECT_TRUE(one->EvaluateDue(kAcme, 1ms));
  other.join();
  EXPECT_EQ(Incidents(), "1");
  EXPECT_EQ(root.Must("SELECT count(*) FROM shared.incident_series").value(), "20");
  EXPECT_TRUE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, ANewEvaluatorGoesOnWhereTheOldOneWas) {
  const AlertRule rule = MakeRule(Condition::kAbove, 60s);
  auto evaluator = NewEvaluator();
  Append(kNoon + 10s, 95);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  evaluator = NewEvaluator();
  Append(kNoon + 70s, 95);
  Look(*evaluator, 60s);
  EXPECT_TRUE(Fires(rule)) << "it held for 60 s, part of them before";
  evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_EQ(Incidents(), "1");
}

TEST_F(RuleEvaluatorTest, SilenceIsJudgedByArrivalAndNotByTheSamplesTime) {
  Append(kNoon, 1);
  const AlertRule rule = MakeRule(Condition::kNoData, 60s);
  const auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Append(kNoon - 30min, 1);  // late, and yet it arrived
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, ASeriesThatIsRenamedFiresForSilenceAloneAndOnlyWhereThatIsAsked) {
  Append(kNoon, 50, "old");
  const AlertRule above = MakeRule(Condition::kAbove);
  const AlertRule silence = MakeRule(Condition::kNoData, 60s);
  const auto evaluator = NewEvaluator();
  for (int i = 0; i < 3; ++i) {
    Append(clock.Now() + 1s, 50, "new");
    Look(*evaluator);
  }
  EXPECT_FALSE(Fires(above));
  EXPECT_TRUE(Fires(silence));
  EXPECT_EQ(root.Must("SELECT labels->>'host' FROM shared.incident_series").value(), "old");
}

TEST_F(RuleEvaluatorTest, WhatThisProcessDidNotSeeIsNoSilence) {
  Append(kNoon, 1);
  const AlertRule rule = MakeRule(Condition::kNoData, 60s);
  clock.Advance(1h);  // the platform was away
  auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  evaluator = NewEvaluator();
  Look(*evaluator, 1s);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule)) << "a restart does not end a silence";
  Append(clock.Now(), 1);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, ASeriesUnlikeItselfFires) {
  const AlertRule rule = MakeRule(Condition::kOutsideExpected);
  tsdb::KeyedBatch batch({.metric = "cpu", .labels = {{"host", "a"}}});
  batch.AllowAnyOrder();
  for (int i = 4 * 288; i > 0; --i) {
    const double turn = 2 * std::numbers::pi * (i % 288) / 288;
    batch.AddSample(0, kNoon - i * 5min, 50 + 10 * std::sin(turn) + 0.5 * (i * 7 % 5));
  }
  AppendAll(batch);
  const auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  Append(kNoon, 500);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  Append(kNoon + 5min, 50);
  Look(*evaluator, 5min);
  EXPECT_FALSE(Fires(rule));
}

TEST_F(RuleEvaluatorTest, AChangedRuleStartsAfreshAndEndsItsIncident) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Append(kNoon + 5s, 95);
  Look(*evaluator);
  ASSERT_TRUE(Fires(rule));
  context.now = clock.Now();
  RuleDefinition changed = rule.definition;
  changed.threshold = 94;
  ASSERT_TRUE(ReplaceRule(environment, context, rule.id, changed));
  EXPECT_FALSE(Fires(rule));
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened", "incident.resolved"));
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule)) << "it still is true, of the rule as it is now";
  EXPECT_EQ(Incidents(), "2");
  ASSERT_TRUE(DeleteRule(environment, context, rule.id));
  EXPECT_EQ(root.Must("SELECT count(*) FROM shared.incidents WHERE status = 'resolved'").value(), "2");
}

TEST_F(RuleEvaluatorTest, ARuleThatCannotBeJudgedSaysWhyAndKeepsItsState) {
  Append(kNoon, 1);
  const AlertRule rule = MakeRule(Condition::kForecastBreach);
  const auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_EQ(Read(rule).evaluation_error, "cannot predict: too many series");
  EXPECT_THAT(sink.sent, IsEmpty());
}

TEST_F(RuleEvaluatorTest, AnIncidentThatWasResolvedByHandIsNotToldAgain) {
  const AlertRule rule = MakeRule(Condition::kAbove);
  const auto evaluator = NewEvaluator();
  Append(kNoon + 5s, 95);
  Look(*evaluator);
  root.Must("UPDATE shared.incidents SET status = 'resolved', resolved_at = now()");
  Append(kNoon + 40s, 96);
  Look(*evaluator);
  EXPECT_EQ(Incidents(), "1");
  Append(kNoon + 70s, 10);
  Look(*evaluator);
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened"));
  EXPECT_FALSE(Fires(rule));
}

}  // namespace
}  // namespace helios::alerting
