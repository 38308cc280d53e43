// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/breach.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::alerting {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

constexpr TimestampMs kNow = FromUnixMs(1'767'441'600'000);

RuleDefinition Rule(double threshold, double probability, bool above = true) {
  RuleDefinition rule;
  rule.condition = Condition::kForecastBreach;
  rule.threshold = threshold;
  rule.probability = probability;
  rule.breach_above = above;
  return rule;
}

const std::vector<ForecastStep> kSteps = {{.time = kNow + 10min, .value = 50, .lower = 40, .upper = 60},
                                          {.time = kNow + 20min, .value = 80, .lower = 70, .upper = 90}};

TEST(LevelFor, PutsTheProbabilityAtAnEdgeOfTheInterval) {
  // Central intervals: 90 % lie above the lower edge of the one of level 0.8.
  EXPECT_DOUBLE_EQ(LevelFor(0.9), 0.8);
  EXPECT_DOUBLE_EQ(LevelFor(0.1), 0.8);
  EXPECT_DOUBLE_EQ(LevelFor(0.5), 0.5);
}

TEST(JudgeForecast, ACertainBreachNeedsTheLowerEdgeBeyondTheThreshold) {
  EXPECT_TRUE(JudgeForecast(Rule(69, 0.9), kSteps, kNow).holds);
  EXPECT_FALSE(JudgeForecast(Rule(70, 0.9), kSteps, kNow).holds);
}

TEST(JudgeForecast, AnEvenChanceIsDecidedByTheForecastItself) {
  EXPECT_TRUE(JudgeForecast(Rule(79, 0.5), kSteps, kNow).holds);
  EXPECT_FALSE(JudgeForecast(Rule(80, 0.5), kSteps, kNow).holds);
}

TEST(JudgeForecast, AnUnlikelyBreachNeedsTheUpperEdgeAlone) {
  EXPECT_TRUE(JudgeForecast(Rule(89, 0.1), kSteps, kNow).holds);
  EXPECT_FALSE(JudgeForecast(Rule(90, 0.1), kSteps, kNow).holds);
}

TEST(JudgeForecast, WorksDownwardsToo) {
  EXPECT_TRUE(JudgeForecast(Rule(61, 0.9, false), kSteps, kNow).holds);  // upper edge 60
  EXPECT_FALSE(JudgeForecast(Rule(60, 0.9, false), kSteps, kNow).holds);
  EXPECT_TRUE(JudgeForecast(Rule(41, 0.1, false), kSteps, kNow).holds);  // lower edge 40
  EXPECT_FALSE(JudgeForecast(Rule(40, 0.1, false), kSteps, kNow).holds);
}

TEST(JudgeForecast, NamesTheFirstStepBeyondTheThreshold) {
  const Judged judged = JudgeForecast(Rule(45, 0.5), kSteps, kNow);
  EXPECT_EQ(judged.time, kNow);
  EXPECT_EQ(judged.value, 50);
  EXPECT_EQ(judged.excess, 5);
  EXPECT_FALSE(JudgeForecast(Rule(45, 0.5), {}, kNow).holds);
}

TEST(JudgeThreshold, IsStrict) {
  RuleDefinition rule;
  rule.threshold = 90;
  EXPECT_FALSE(JudgeThreshold(rule, kNow, 90).holds);
  EXPECT_TRUE(JudgeThreshold(rule, kNow, 90.5).holds);
  EXPECT_EQ(JudgeThreshold(rule, kNow, 95).excess, 5);
  rule.condition = Condition::kBelow;
  EXPECT_FALSE(JudgeThreshold(rule, kNow, 90).holds);
  EXPECT_TRUE(JudgeThreshold(rule, kNow, 89.5).holds);
  EXPECT_EQ(JudgeThreshold(rule, kNow, 80).excess, 10);
}

TEST(HorizonsOf, AreADozenAndNoneTwice) {
  RuleDefinition rule;
  rule.horizon = 60min;
  EXPECT_EQ(HorizonsOf(rule).size(), 12U);
  EXPECT_EQ(HorizonsOf(rule).front(), 5min);
  EXPECT_EQ(HorizonsOf(rule).back(), 60min);
  rule.horizon = 3min;
  EXPECT_THAT(HorizonsOf(rule), ElementsAre(1min, 2min, 3min));
}

}  // namespace
}  // namespace helios::alerting
