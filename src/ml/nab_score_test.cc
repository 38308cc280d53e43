// SPDX-License-Identifier: Apache-2.0
#include "ml/nab_score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace helios::ml {
namespace {

// Values of the published sigmoid, 2 / (1 + e^(5p)) - 1, worked out by hand.
constexpr double kAtLeftEdge = 0.98661429815143;  // p = -1: (e^5 - 1) / (e^5 + 1)
constexpr double kAtHalf = 0.84828363995751;      // p = -1/2
constexpr double kAtOne = -0.98661429815143;      // p = 1

TEST(NabProbation, IsFifteenPercentAndNeverMoreThan750Rows) {
  EXPECT_EQ(NabProbation(0), 0U);
  EXPECT_EQ(NabProbation(1'000), 150U);
  EXPECT_EQ(NabProbation(4'032), 604U);  // 604.8
  EXPECT_EQ(NabProbation(22'695), 750U);
}

TEST(NabSigmoid, RunsFromNearlyOneAtTheLeftEdgeToMinusOneFarBehind) {
  EXPECT_NEAR(NabSigmoid(-1.0), kAtLeftEdge, 1e-12);
  EXPECT_NEAR(NabSigmoid(-0.5), kAtHalf, 1e-12);
  EXPECT_DOUBLE_EQ(NabSigmoid(0.0), 0.0);
  EXPECT_NEAR(NabSigmoid(1.0), kAtOne, 1e-12);
  EXPECT_EQ(NabSigmoid(3.0001), -1.0);
}

TEST(NabRowWeights, RewardEarlyRowsOfAWindowAndForgiveRowsRightAfterIt) {
  // Rows 4..7: a window four rows wide, so that row i lies at -(7 - i + 1) / 4, and row 8 at 1/3 past it.
  const std::array windows = {RowRange{4, 7}};
  const auto weights = NabRowWeights(20, windows, kNabStandard);
  ASSERT_TRUE(weights);
  EXPECT_DOUBLE_EQ((*weights)[0], -0.11);  // before any window
  EXPECT_DOUBLE_EQ((*weights)[4], 1.0);
  EXPECT_NEAR((*weights)[6], kAtHalf / kAtLeftEdge, 1e-12);
  EXPECT_NEAR((*weights)[8], 0.11 * (2.0 / (1.0 + std::exp(5.0 / 3.0)) - 1.0), 1e-12);
  EXPECT_NEAR((*weights)[10], 0.11 * kAtOne, 1e-12);  // three rows after, of a width less one of three
  EXPECT_DOUBLE_EQ((*weights)[17], -0.11);            // beyond three widths
}

TEST(NabRowWeights, RefusesWindowsThatOverlapOrLeaveTheFile) {
  for (const auto& windows : {std::vector<RowRange>{{5, 4}}, {{0, 10}}, {{0, 3}, {3, 5}}, {{4, 5}, {0, 1}}}) {
    const auto weights = NabRowWeights(10, windows, kNabStandard);
    ASSERT_FALSE(weights);
    EXPECT_EQ(weights.error().reason, "ml.bad_windows");
  }
}

/// 100 rows (15 of probation), windows 40..49 and 70..79.
class NabCorpus : public ::testing::Test {
 protected:
  std::vector<double> scores = std::vector<double>(100, 0.0);
  std::vector<RowRange> windows = {{40, 49}, {70, 79}};

  [[nodiscard]] NabOutcome At(double threshold, const NabProfile& profile = kNabStandard) const {
    const std::array files = {NabFile{scores, windows}};
    return ScoreNab(files, profile, threshold).value();
  }
};

TEST_F(NabCorpus, GivesNothingForSilenceAndEverythingForTheFirstRowOfEachWindow) {
  EXPECT_DOUBLE_EQ(At(0.5).score, 0.0);
  scores[40] = scores[70] = 1.0;
  const auto perfect = At(0.5);
  EXPECT_DOUBLE_EQ(perfect.score, 100.0);
  EXPECT_EQ(perfect.windows, 2U);
  EXPECT_EQ(perfect.windows_hit, 2U);
  EXPECT_DOUBLE_EQ(At(0.5, kNabRewardLowFn).score, 100.0);
}

TEST_F(NabCorpus, CountsTheBestRowOfAWindowOnceAndEveryFalseAlarm) {
  scores[45] = 1.0;  // -(49 - 45 + 1) / 10 = -1/2
  scores[48] = 1.0;  // later in the same window: adds nothing
  scores[20] = scores[21] = 1.0;
  const double raw = kAtHalf / kAtLeftEdge - 1.0 - 2 * 0.11;  // one window missed
  const auto outcome = At(0.5);
  EXPECT_NEAR(outcome.raw, raw, 1e-12);
  EXPECT_NEAR(outcome.score, 100.0 * (raw + 2.0) / 4.0, 1e-10);
  EXPECT_EQ(outcome.windows_hit, 1U);
  EXPECT_EQ(outcome.false_positive_rows, 2U);
  // A false alarm costs twice as much, and then a missed window does.
  EXPECT_NEAR(At(0.5, kNabRewardLowFp).raw, raw - 2 * 0.11, 1e-12);
  EXPECT_NEAR(At(0.5, kNabRewardLowFn).raw, raw - 1.0, 1e-12);
}

TEST_F(NabCorpus, IgnoresTheProbationAndScoresThatAreNoNumbers) {
  for (std::size_t i = 0; i < 15; ++i) scores[i] = 1.0;
  scores[30] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(At(0.5).false_positive_rows, 0U);
}

TEST_F(NabCorpus, LeavesOutAWindowWithinTheProbation) {
  windows = {{5, 10}, {40, 49}};
  scores[40] = 1.0;
  EXPECT_EQ(At(0.5).windows, 1U);
  EXPECT_DOUBLE_EQ(At(0.5).score, 100.0);
}

TEST_F(NabCorpus, CountsTheLaterPartOfAWindowThatBeginsInTheProbation) {
  windows = {{10, 19}};
  scores[12] = 1.0;  // within the probation
  scores[15] = 1.0;  // -(19 - 15 + 1) / 10
  EXPECT_NEAR(At(0.5).raw, kAtHalf / kAtLeftEdge, 1e-12);
}

TEST_F(NabCorpus, OptimisesOneThresholdForAllFiles) {
  scores[40] = 0.9;
  scores[20] = 0.8;  // a false alarm between the two hits
  scores[70] = 0.7;
  std::vector<double> quiet(100, 0.0);
  quiet[90] = 0.6;
  const std::array files = {NabFile{scores, windows}, NabFile{quiet, {}}};
  const auto best = OptimiseNab(files, kNabStandard);
  ASSERT_TRUE(best);
  EXPECT_DOUBLE_EQ(best->threshold, 0.7);
  EXPECT_NEAR(best->raw, 2.0 - 0.11, 1e-12);
  EXPECT_NEAR(best->score, ScoreNab(files, kNabStandard, 0.7)->score, 1e-12);
}

TEST_F(NabCorpus, StaysSilentWhereEveryAlarmCosts) {
  windows.clear();
  scores[50] = 0.9;
  const std::array files = {NabFile{scores, windows}};
  const auto best = OptimiseNab(files, kNabStandard);
  ASSERT_TRUE(best);
  EXPECT_GT(best->threshold, 1.0);
  EXPECT_EQ(best->false_positive_rows, 0U);
  EXPECT_EQ(best->score, 0.0);
}

TEST(JoinNab, NormalisesTheSumOfItsParts) {
  const std::array parts = {NabOutcome{.raw = 2.0, .threshold = 0.5, .windows = 2, .windows_hit = 2},
                            NabOutcome{.raw = -1.5, .threshold = 0.6, .windows = 1, .false_positive_rows = 4}};
  const auto joined = JoinNab(parts, kNabStandard);
  EXPECT_NEAR(joined.score, 100.0 * (0.5 + 3.0) / 6.0, 1e-12);
  EXPECT_EQ(joined.windows, 3U);
  EXPECT_EQ(joined.false_positive_rows, 4U);
}

TEST(ScoreNab, GivesNothingForNoFiles) {
  EXPECT_EQ(ScoreNab({}, kNabStandard, 0.5)->score, 0.0);
  EXPECT_EQ(OptimiseNab({}, kNabStandard)->windows, 0U);
}

}  // namespace
}  // namespace helios::ml
