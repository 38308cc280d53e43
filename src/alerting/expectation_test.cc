// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/expectation.h"

#include <gmock/gmock.h>

#include <numbers>

#include "alerting/rule_backtest.h"
#include "alerting/testing/rule_evaluator_fixture.h"
#include "jobs/zone_clock.h"

namespace helios::alerting {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;

TEST(JudgeExpectation, OfACounterSpeaksOfItsRateAndTakesARestartForNone) {
  const ExpectationJudge judge{.detector = {}, .clock = {}, .by_rate = true};
  ExpectationState state;
  TimestampMs time = kNoon;
  double count = 0;
  EXPECT_FALSE(JudgeExpectation(judge, state, time, count)) << "a rate needs two samples";
  for (int i = 0; i < 3 * 288; ++i) {
    count += 300 + i * 7'919 % 13;  // in five minutes, so about 1 a second
    const auto judged = JudgeExpectation(judge, state, time += 5min, count);
    ASSERT_TRUE(judged);
    EXPECT_FALSE(judged->holds) << i;
  }
  EXPECT_FALSE(JudgeExpectation(judge, state, time += 5min, 20)) << "it began again";
  const auto calm = JudgeExpectation(judge, state, time += 5min, 323);
  ASSERT_TRUE(calm);
  EXPECT_FALSE(calm->holds);
  EXPECT_DOUBLE_EQ(calm->value, 303.0 / 300);
  const auto burst = JudgeExpectation(judge, state, time += 5min, 323 + 30'000);
  ASSERT_TRUE(burst);
  EXPECT_TRUE(burst->holds);
  EXPECT_DOUBLE_EQ(burst->value, 100);
}

TEST(JudgeExpectation, AMorningJobLiesNearerToWhatIsExpectedByItsClockAfterThatWasPutForward) {
  const ml::LocalClock berlin = jobs::ZoneClock("Europe/Berlin");
  const TimestampMs change = ParseRfc3339("2026-03-29T01:00:00Z").value();
  // The largest distance from what was expected in the three days after it.
  const auto excess_after = [&](const ml::LocalClock& clock) {
    const ExpectationJudge judge{.detector = {}, .clock = clock, .by_rate = false};
    ExpectationState state;
    double excess = 0;
    for (int i = -14 * 288; i < 3 * 288; ++i) {
      const TimestampMs time = change + i * 5min;
      const std::int64_t of_day = ToUnixMs(berlin.ToLocal(time)) % 86'400'000;
      const bool runs = of_day >= 9 * 3'600'000 && of_day < 11 * 3'600'000;
      const auto judged = JudgeExpectation(judge, state, time, (runs ? 80.0 : 20.0) + ((i + 5'000) * 7'919 % 13) / 6.5);
      if (judged && time >= change) excess = std::max(excess, judged->excess);
    }
    return excess;
  };
  EXPECT_LT(excess_after(berlin), excess_after({})) << "by UTC the job moved";
}

class CounterRulesTest : public RuleEvaluatorTest {
 protected:
  /// Four days that end at noon, each five minutes: about 1 a second, with a restart a day ago and `burst` more in one
  /// step two days ago.
  void Fill(double burst = 0) {
    tsdb::KeyedBatch batch({.metric = "requests_total", .labels = {{"host", "a"}}});
    batch.AllowAnyOrder();
    for (int i = 4 * 288; i > 0; --i) {
      count_ += 300 + (i * 7 % 13) + (i == 2 * 288 ? burst : 0);
      if (i == 288) count_ = 5;
      batch.AddSample(0, kNoon - i * 5min, count_);
    }
    AppendAll(batch);
  }
  void Count(double more) {
    tsdb::KeyedBatch batch({.metric = "requests_total", .labels = {{"host", "a"}}});
    batch.AddSample(0, clock.Now(), count_ += more);
    AppendAll(batch);
  }

  double count_ = 0;
};

TEST_F(CounterRulesTest, ARuleOfWhatIsExpectedJudgesACounterByItsRate) {
  const AlertRule rule = MakeRule(Condition::kOutsideExpected, 0s, "requests_total");
  Fill();
  auto evaluator = NewEvaluator();
  Count(300);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule));
  clock.Advance(5min);
  Count(30'000);
  Look(*evaluator);
  EXPECT_TRUE(Fires(rule));
  EXPECT_EQ(root.Must("SELECT value > 50 AND value < 120 FROM shared.incident_series").value(), "t") << "a rate";
  clock.Advance(5min);
  Count(300);
  Look(*evaluator);
  EXPECT_FALSE(Fires(rule)) << "the count is high, its rate is not";
  evaluator = NewEvaluator();
  clock.Advance(5min);
  Count(300);
  Look(*evaluator);
  EXPECT_EQ(Incidents(), "1") << "a new process learns the rate from history";
}

TEST_F(CounterRulesTest, AReplayJudgesACounterByItsRateToo) {
  RuleDefinition rule;
  rule.name = "rule";
  rule.metric = "requests_total";
  rule.condition = Condition::kOutsideExpected;
  const MatchParser parse = ParseNothing;
  const CounterCheck is_counter = IsTotal;
  const ReplayNeeds needs{.store = *store, .parse_match = parse, .is_counter = is_counter, .clock = {}};
  Fill(/*burst=*/30'000);
  const auto replayed = BacktestRule(needs, kAcme, rule, kNoon, std::chrono::steady_clock::now() + 1min);
  ASSERT_TRUE(replayed) << replayed.error().message;
  ASSERT_EQ(replayed->incidents.size(), 1U);
  EXPECT_EQ(replayed->incidents[0].started_at, kNoon - 48h);
  EXPECT_NEAR(replayed->incidents[0].series.at(0).value, 101, 1);
  const CounterCheck none = [](TenantId, const std::string&) { return false; };
  const ReplayNeeds raw{.store = *store, .parse_match = parse, .is_counter = none, .clock = {}};
  const auto by_value = BacktestRule(raw, kAcme, rule, kNoon, std::chrono::steady_clock::now() + 1min);
  ASSERT_TRUE(by_value);
  EXPECT_NE(by_value->incidents.size(), 1U)
      << "by its value, the restart is one too, or all that comes after the burst";
}

}  // namespace
}  // namespace helios::alerting
