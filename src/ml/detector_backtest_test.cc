// SPDX-License-Identifier: Apache-2.0
#include "ml/detector_backtest.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace helios::ml {
namespace {

TEST(JudgeLabels, CountsEventsFoundRunsOfFalseAlarmsAndDays) {
  std::vector<double> scores(50, 0.0);
  const std::array events = {RowRange{20, 24}, RowRange{30, 33}};
  scores[5] = 1.0;                           // in the first fifth: not judged
  scores[12] = scores[13] = scores[15] = 1;  // two runs
  scores[22] = scores[25] = 1.0;             // found; a run right after it is a false alarm
  const auto outcome = JudgeLabels({scores, events, 10.0}, 0.5);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->events, 2U);
  EXPECT_EQ(outcome->events_found, 1U);
  EXPECT_EQ(outcome->false_alarms, 3U);
  EXPECT_EQ(outcome->false_anomalies, 1U);  // the breaks before 15, and before 25 from the event, are short
  EXPECT_DOUBLE_EQ(outcome->days, 4.0);
  EXPECT_DOUBLE_EQ(outcome->EventRecall(), 0.5);
  EXPECT_DOUBLE_EQ(outcome->FalseAlarmsPerDay(), 0.75);
  // Points: 1 found, 4 wrong, 4 + 4 missed; adjusted 5 found, 4 missed.
  EXPECT_DOUBLE_EQ(outcome->PointF1(), 2.0 / (2.0 + 4.0 + 8.0));
  EXPECT_DOUBLE_EQ(outcome->PointAdjustedF1(), 10.0 / (10.0 + 4.0 + 4.0));
}

TEST(JudgeLabels, JudgesTheLaterPartOfAnEventThatBeginsTooEarly) {
  std::vector<double> scores(50, 0.0);
  const std::array events = {RowRange{2, 4}, RowRange{8, 11}};
  scores[9] = 1.0;  // before the judged part
  const auto outcome = JudgeLabels({scores, events, 10.0}, 0.5);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->events, 1U);
  EXPECT_EQ(outcome->events_found, 0U);
  EXPECT_EQ(outcome->missed_points, 2U);
}

TEST(JudgeLabels, RefusesEventsOutOfOrder) {
  const std::vector<double> scores(10, 0.0);
  for (const auto& events : {std::vector<RowRange>{{3, 2}}, {{0, 10}}, {{2, 4}, {4, 5}}}) {
    const auto outcome = JudgeLabels({scores, events, 10.0}, 0.5);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().reason, "ml.bad_windows");
  }
}

TEST(JudgeLabels, TakesAnEmptySeriesForNothing) {
  const auto outcome = JudgeLabels({}, 0.5);
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->EventRecall(), 0.0);
  EXPECT_EQ(outcome->FalseAlarmsPerDay(), 0.0);
  EXPECT_EQ(outcome->PointF1(), 0.0);
}

TEST(LabelOutcome, AddsUpOverSeries) {
  LabelOutcome total{.series = 1, .events = 2, .events_found = 1, .false_alarms = 1, .days = 4.0};
  total.Add({.series = 1, .events = 2, .events_found = 2, .false_alarms = 0, .days = 6.0});
  EXPECT_DOUBLE_EQ(total.EventRecall(), 0.75);
  EXPECT_DOUBLE_EQ(total.FalseAlarmsPerDay(), 0.1);
}

}  // namespace
}  // namespace helios::ml
