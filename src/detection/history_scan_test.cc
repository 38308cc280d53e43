// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/history_scan.h"

#include <gtest/gtest.h>

#include <cmath>

#include "ml/synthetic_series.h"

namespace helios::detection {
namespace {

using namespace std::chrono_literals;

ScanResult WithScores(std::initializer_list<double> scores) {
  ScanResult scan;
  for (const double score : scores) {
    scan.series.push_back({.series = {}, .anomalies = {ml::AnomalySpan{.score = score}}, .judged = {}});
  }
  return scan;
}

TEST(SolveBudget, TakesTheSmallestFloorThatKeepsTheBudget) {
  const ScanResult scan = WithScores({0.9, 0.6, 0.7, 0.8});
  EXPECT_DOUBLE_EQ(SolveBudget(scan, 4), ml::kAnomalyScore);
  EXPECT_GT(SolveBudget(scan, 2), 0.7);  // 0.9 and 0.8 are told, 0.7 is not
  EXPECT_LT(SolveBudget(scan, 2), 0.8);
  EXPECT_GT(SolveBudget(scan, 0), 0.9);
}

TEST(SolveBudget, OfEqualScoresTellsNoneWhereAllWouldBeTooMany) {
  EXPECT_GT(SolveBudget(WithScores({0.7, 0.7, 0.7}), 2), 0.7);
}

TEST(BudgetWithin, CountsByTheLengthOfTheWindow) {
  const TimestampMs start{};
  ScanResult scan;
  scan.oldest = start;
  EXPECT_EQ(BudgetWithin(scan, {start, start + 24h * 14}, 5), 10U);
  EXPECT_EQ(BudgetWithin(scan, {start, start + 24h * 10}, 5), 7U);  // 7.14
  EXPECT_EQ(BudgetWithin(scan, {start, start + 24h}, 5), 1U);
  EXPECT_EQ(BudgetWithin(scan, {start, start + 24h * 14}, 0), 0U);
}

TEST(BudgetWithin, CountsFromTheOldestSampleWhereHistoryIsShorter) {
  const TimestampMs start{};
  ScanResult scan;
  scan.oldest = start + 24h * 7;
  EXPECT_EQ(BudgetWithin(scan, {start, start + 24h * 14}, 5), 5U);
}

TEST(FindAnomalies, FindsAPlantedSpikeWithinTheWindowAlone) {
  ml::SyntheticSeries made{.samples = 2'016, .daily_amplitude = 10, .noise = 1};  // a week by 5 min
  std::vector<ml::Sample> samples = made.Make();
  samples[1'900].value += 200;
  const TimestampMs last = samples.back().time;
  const auto found = FindAnomalies(samples, Judge{}, {last - 24h, last});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].worst, samples[1'900].time);
  EXPECT_DOUBLE_EQ(found[0].value, samples[1'900].value);
  EXPECT_TRUE(FindAnomalies(samples, Judge{}, {last - 1h, last}).empty());
  EXPECT_TRUE(FindAnomalies(samples, Judge{}, {last - 48h, samples[1'899].time}).empty());
}

TEST(FindAnomalies, TellsWhatWasExpectedOfEachSampleOfTheWindow) {
  ml::SyntheticSeries made{.samples = 2'016, .daily_amplitude = 10, .noise = 1};  // a week by 5 min
  std::vector<ml::Sample> samples = made.Make();
  samples[1'900].value += 200;
  std::vector<JudgedSample> judged;
  const auto found = FindAnomalies(samples, Judge{}, {samples[1'880].time, samples[1'920].time}, false, &judged);
  ASSERT_EQ(found.size(), 1U);
  ASSERT_EQ(judged.size(), 41U);
  EXPECT_EQ(judged.front().time, samples[1'880].time);
  const JudgedSample& spike = judged[20];
  EXPECT_DOUBLE_EQ(spike.value, samples[1'900].value);
  EXPECT_DOUBLE_EQ(spike.expected, found[0].expected);
  EXPECT_DOUBLE_EQ(spike.lower, found[0].lower);
  EXPECT_DOUBLE_EQ(spike.upper, found[0].upper);
  EXPECT_GT(spike.value, spike.upper);
}

TEST(FindAnomalies, JudgesACounterByItsRate) {
  std::vector<ml::Sample> samples;
  for (int minute = 0; minute < 10; ++minute) samples.push_back({TimestampMs{} + minute * 1min, 120.0 * minute});
  std::vector<JudgedSample> judged;
  const tsdb::TimeRange window{.first = samples.front().time, .last = samples.back().time};
  EXPECT_TRUE(FindAnomalies(samples, Judge{}, window, true, &judged).empty());
  ASSERT_EQ(judged.size(), 9U);  // the first has no rate
  for (const JudgedSample& sample : judged) EXPECT_DOUBLE_EQ(sample.value, 2.0);
}

}  // namespace
}  // namespace helios::detection
