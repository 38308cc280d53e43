// SPDX-License-Identifier: Apache-2.0
#include "ml/anomaly_spans.h"

#include <gmock/gmock.h>

namespace helios::ml {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::ElementsAre;

TimestampMs At(int minute) {
  return FromUnixMs(1'700'006'400'000) + minutes{minute};
}

/// A series with a sample a minute, of which some are anomalous.
struct Scored {
  std::vector<Sample> samples;
  std::vector<Detection> detections;

  void Add(double score, bool abnormal = false) {
    Detection detection;
    detection.scored = true;
    detection.score = score;
    detection.severity = SeverityOf(score);
    detection.abnormal = abnormal || score >= kAnomalyScore;
    samples.push_back({At(static_cast<int>(samples.size())), 100.0 * score});
    detections.push_back(detection);
  }
};

TEST(MergeAnomalies, MakesOneAnomalyOfNeighboursAndShowsTheWorst) {
  Scored series;
  for (const double score : {0.1, 0.6, 0.9, 0.2, 0.7, 0.1, 0.1, 0.1, 0.1, 0.5, 0.0}) series.Add(score);
  const auto anomalies = MergeAnomalies(series.samples, series.detections);
  ASSERT_EQ(anomalies.size(), 2U);
  EXPECT_EQ(anomalies[0].start, At(1));
  EXPECT_EQ(anomalies[0].end, At(4));
  EXPECT_EQ(anomalies[0].worst, At(2));
  EXPECT_EQ(anomalies[0].value, 90.0);
  EXPECT_EQ(anomalies[0].severity, Severity::kCritical);
  EXPECT_EQ(anomalies[0].samples, 3U);
  EXPECT_EQ(anomalies[1].start, At(9));
  EXPECT_EQ(anomalies[1].end, At(9));
}

TEST(MergeAnomalies, GoesOnWhileTheSeriesIsAbnormalThoughItsAlarmsRest) {
  Scored series;
  series.Add(0.8);
  for (int i = 0; i < 20; ++i) series.Add(0.4, /*abnormal=*/true);
  for (int i = 0; i < 10; ++i) series.Add(0.1);
  const auto anomalies = MergeAnomalies(series.samples, series.detections);
  ASSERT_EQ(anomalies.size(), 1U);
  EXPECT_EQ(anomalies[0].end, At(20));
  EXPECT_EQ(anomalies[0].samples, 1U);
}

TEST(MergeAnomalies, EndsAnAnomalyThatIsMerelyAbnormalForTooLong) {
  Scored series;
  series.Add(0.8);
  for (int i = 0; i < 50; ++i) series.Add(0.4, /*abnormal=*/true);
  const auto anomalies = MergeAnomalies(series.samples, series.detections, {.longest_quiet = 10});
  ASSERT_EQ(anomalies.size(), 1U);
  EXPECT_EQ(anomalies[0].end, At(10));
}

TEST(MergeAnomalies, NeverOpensAtASampleThatIsMerelyAbnormal) {
  Scored series;
  for (int i = 0; i < 5; ++i) series.Add(0.4, /*abnormal=*/true);
  EXPECT_TRUE(MergeAnomalies(series.samples, series.detections).empty());
}

TEST(MergeAnomalies, SeparatesWhatALongSilenceParts) {
  Scored series;
  series.Add(0.8);
  series.Add(0.8);
  series.samples[1].time += hours{7};
  series.detections[1].missing = 419;
  EXPECT_EQ(MergeAnomalies(series.samples, series.detections).size(), 2U);
}

TEST(MergeAnomalies, PassesOverWhatWasNotScored) {
  Scored series;
  series.Add(0.8);
  series.Add(0.8);
  series.detections[0].scored = false;
  const auto anomalies = MergeAnomalies(series.samples, series.detections);
  ASSERT_EQ(anomalies.size(), 1U);
  EXPECT_EQ(anomalies[0].start, At(1));
}

TEST(AnomalyTracker, TellsAnAnomalyOnceItHasEnded) {
  AnomalyTracker tracker;
  Scored series;
  for (const double score : {0.8, 0.1, 0.1, 0.1, 0.1}) series.Add(score);
  std::size_t ended = 0;
  for (std::size_t i = 0; i < series.samples.size(); ++i) {
    if (tracker.Take(series.samples[i], series.detections[i], {})) ended = i;
  }
  EXPECT_EQ(ended, 4U);  // the fourth normal sample is one too many
  EXPECT_FALSE(tracker.open());
}

AnomalySpan SpanAt(int start, int end, double score = 0.6) {
  AnomalySpan span;
  span.start = At(start);
  span.end = At(end);
  span.score = score;
  span.severity = SeverityOf(score);
  return span;
}

TEST(GroupIncidents, GroupsWhatBeganTogetherInAnyOrderOfInput) {
  const std::vector anomalies = {SpanAt(62, 70, 0.95), SpanAt(0, 5), SpanAt(60, 61), SpanAt(3, 90, 0.8)};
  const auto groups = GroupIncidents(anomalies, minutes{5});
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_THAT(groups[0].members, ElementsAre(1, 3));
  EXPECT_EQ(groups[0].start, At(0));
  EXPECT_EQ(groups[0].end, At(90));
  EXPECT_EQ(groups[0].severity, Severity::kHigh);
  EXPECT_THAT(groups[1].members, ElementsAre(2, 0));
  EXPECT_EQ(groups[1].score, 0.95);
}

TEST(GroupIncidents, DoesNotChainBeyondTheFirstOfAGroup) {
  // Each began within five minutes of the one before, but the third not within five of the first.
  const std::vector anomalies = {SpanAt(0, 1), SpanAt(4, 5), SpanAt(8, 9)};
  EXPECT_EQ(GroupIncidents(anomalies, minutes{5}).size(), 2U);
  EXPECT_TRUE(GroupIncidents({}, minutes{5}).empty());
}

}  // namespace
}  // namespace helios::ml
