// SPDX-License-Identifier: LicenseRef-Helios-Commercial
// Alert rules about what Helios itself says of series: helios:score and helios:forecast.
#include <gmock/gmock.h>

#include "alerting/testing/rule_evaluator_fixture.h"
#include "tsdb/own_series.h"

namespace helios::alerting {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OwnSeriesRulesTest : public RuleEvaluatorTest {
 protected:
  OwnSeriesRulesTest() { Append(kNoon, 1); }

  /// As detection and the scheduled forecasts write it.
  void Say(std::string_view metric, TimestampMs time, double value, std::vector<tsdb::Label> own = {}) {
    const auto key = tsdb::OwnSeriesKey(metric, {.metric = "cpu", .labels = {{"host", "a"}}}, std::move(own));
    tsdb::KeyedBatch batch(key.value());
    batch.AddSample(0, time, value);
    std::promise<void> done;
    store->AppendOwn(kAcme, batch.batch(), [&](Result<tsdb::AppendOutcome> outcome) {
      EXPECT_TRUE(outcome && outcome->rejected.empty());
      done.set_value();
    });
    done.get_future().wait();
  }
  void Forecast(std::chrono::minutes horizon, double value) {
    Say("helios:forecast", clock.Now() + horizon, value,
        {{"bound", "value"}, {"horizon", fmt::format("{}m", horizon.count())}});
  }
  std::string Value(const std::string& query) { return root.Must(query).value(); }
};

TEST_F(OwnSeriesRulesTest, AScoreAboveItsThresholdFiresAndResolves) {
  const AlertRule rule = MakeRule(Condition::kAbove, 0s, "helios:score");  // above 90
  const auto evaluator = NewEvaluator();
  Say("helios:score", kNoon + 10s, 0.2);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  Say("helios:score", kNoon + 40s, 95);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  EXPECT_EQ(Value("SELECT labels->>'metric' FROM shared.incident_series"), "cpu");
  Say("helios:score", kNoon + 5min, 0.1);
  Look(*evaluator, 5min);
  EXPECT_FALSE(Fires(rule));
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened", "incident.resolved"));
}

TEST_F(OwnSeriesRulesTest, AScoreMayHoldOverTheFiveMinutesThatLieBetweenItsSamples) {
  const AlertRule rule = MakeRule(Condition::kAbove, 10min, "helios:score");
  const auto evaluator = NewEvaluator();
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(Fires(rule)) << i;
    Say("helios:score", clock.Now(), 95);
    Look(*evaluator, 5min);
  }
  EXPECT_TRUE(Fires(rule));
}

TEST_F(OwnSeriesRulesTest, AForecastFiresWhenItIsMadeAndNotWhenItsTimeHasCome) {
  const AlertRule rule = MakeRule(Condition::kAbove, 0s, "helios:forecast");
  const auto evaluator = NewEvaluator();
  Forecast(60min, 50);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  clock.Advance(5min);
  Forecast(60min, 95);
  Look(*evaluator);
  ASSERT_TRUE(Fires(rule));
  EXPECT_EQ(Value("SELECT count(*) FROM shared.incidents WHERE started_at <= '2026-01-03T12:06:00Z'"), "1")
      << "an incident does not begin in the future";
  EXPECT_EQ(Value("SELECT labels->>'horizon' FROM shared.incident_series"), "60m");
  clock.Advance(5min);
  Forecast(60min, 60);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  EXPECT_EQ(Value("SELECT count(*) FROM shared.incidents WHERE resolved_at >= started_at"), "1");
  EXPECT_EQ(Value("SELECT count(*) FROM shared.incident_series WHERE ended_at >= started_at"), "1");
  EXPECT_THAT(sink.sent, ElementsAre("incident.opened", "incident.resolved"));
  for (int i = 0; i < 14; ++i) {
    clock.Advance(5min);
    Forecast(60min, 60);
    Look(*evaluator);
  }
  EXPECT_EQ(Incidents(), "1") << "the time of the high forecast came and went";
}

TEST_F(OwnSeriesRulesTest, EachHorizonIsASeriesOfItsOwn) {
  const AlertRule rule = MakeRule(Condition::kAbove, 0s, "helios:forecast");
  const auto evaluator = NewEvaluator();
  Forecast(15min, 95);
  Forecast(60min, 99);
  Look(*evaluator);
  clock.Advance(5min);
  Forecast(15min, 40);
  Forecast(60min, 99);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule)) << "an hour ahead it still is";
  EXPECT_EQ(Value("SELECT count(*) FROM shared.incident_series WHERE ended_at IS NULL"), "1");
}

TEST_F(OwnSeriesRulesTest, SilenceOfForecastsFires) {
  Forecast(60min, 50);
  const AlertRule rule = MakeRule(Condition::kNoData, 10min, "helios:forecast");
  const auto evaluator = NewEvaluator();
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  clock.Advance(5min);
  Forecast(60min, 50);
  Look(*evaluator);
  Look(*evaluator, 9min);
  EXPECT_FALSE(Fires(rule));
  Look(*evaluator, 2min);
  EXPECT_TRUE(Fires(rule)) << "none was made, though the newest one's time is yet to come";
  Forecast(60min, 50);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
}

TEST_F(OwnSeriesRulesTest, WhatIsExpectedOfAForecastIsLearntFromForecasts) {
  const AlertRule rule = MakeRule(Condition::kOutsideExpected, 0s, "helios:forecast");
  const auto evaluator = NewEvaluator();
  for (int i = 0; i < 4 * 288; ++i) {
    clock.Advance(5min);
    Forecast(60min, 50 + i * 7 % 5);
  }
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  clock.Advance(5min);
  Forecast(60min, 500);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
}

}  // namespace
}  // namespace helios::alerting
