// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "accuracy/series_ledger.h"

#include <gtest/gtest.h>

namespace helios::accuracy {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kMidnight = FromUnixMs(1'767'398'400'000);  // 2026-01-03T00:00:00Z

/// Of 10, from 8 to 12; the seasonal naive said 13.
KeptForecast Ten(TimestampMs time) {
  return {.value = 10, .time_s = static_cast<std::uint32_t>(ToUnixMs(time) / 1000), .below = 2, .above = 2, .naive = 3};
}

class SeriesLedgerTest : public ::testing::Test {
 protected:
  /// Forecasts of `count` moments five minutes apart meet `actual`.
  void Live(int count, double actual) {
    for (int i = 0; i < count; ++i, now_ += 5min) {
      ledger_.Keep(0, Ten(now_));
      EXPECT_EQ(ledger_.Meet(0, now_, now_, [actual](TimestampMs) { return std::optional(actual); }), 1U);
    }
  }
  [[nodiscard]] const HorizonLedger& Horizon() const { return ledger_.horizons()[0]; }

  SeriesLedger ledger_;
  TimestampMs now_ = kMidnight;
};

TEST_F(SeriesLedgerTest, ScoresAForecastAgainstItsActualValueAndTheSeasonalNaive) {
  Live(1, 11);    // off by 1 and inside; the naive by 2
  Live(1, 12.5);  // off by 2.5 and outside; the naive by 0.5
  const Score week = Horizon().scores.Week();
  EXPECT_EQ(week.met, 2U);
  EXPECT_DOUBLE_EQ(week.mae(), 1.75);
  EXPECT_DOUBLE_EQ(week.naive_mae(), 1.25);
  EXPECT_DOUBLE_EQ(*week.mase(), 1.4);
  EXPECT_DOUBLE_EQ(week.coverage(), 0.5);
}

TEST_F(SeriesLedgerTest, AForecastWaitsUntilItsSeriesHasASampleOfItsTime) {
  ledger_.Keep(0, Ten(kMidnight + 15min));
  const auto actual = [](TimestampMs) { return std::optional(10.0); };
  EXPECT_EQ(ledger_.Meet(0, kMidnight + 14min, kMidnight + 10h, actual), 0U) << "whatever the clock says";
  EXPECT_EQ(Horizon().waiting.size(), 1U);
  EXPECT_EQ(ledger_.Meet(0, kMidnight + 15min, kMidnight, actual), 1U);
  EXPECT_TRUE(Horizon().waiting.empty());
}

TEST_F(SeriesLedgerTest, AMomentWithoutASampleIsNotScored) {
  ledger_.Keep(0, Ten(kMidnight));
  EXPECT_EQ(ledger_.Meet(0, kMidnight + 1h, kMidnight, [](TimestampMs) { return std::optional<double>(); }), 0U);
  EXPECT_TRUE(Horizon().waiting.empty());
  EXPECT_EQ(Horizon().scores.Week().met, 0U);
}

TEST_F(SeriesLedgerTest, OnlyTheNewestForecastsWait) {
  for (int i = 0; i < 100; ++i) ledger_.Keep(0, Ten(kMidnight + i * 5min));
  ASSERT_EQ(Horizon().waiting.size(), SeriesLedger::kMostWaiting);
  EXPECT_EQ(Horizon().waiting.back().time(), kMidnight + 99 * 5min);
}

TEST_F(SeriesLedgerTest, IsWithdrawnAfterADayOfLosingAndComesBackOnceItWinsOverADay) {
  Live(12 * 24 - 1, 13);  // the naive is right, the forecast off by 3; a day is not over
  EXPECT_FALSE(Horizon().withdrawn_since);
  Live(2, 13);
  ASSERT_TRUE(Horizon().withdrawn_since);
  EXPECT_EQ(*Horizon().withdrawn_since, kMidnight + 24h);
  Live(12 * 12, 10);  // right for twelve hours: of the last day, it lost more than half
  EXPECT_TRUE(Horizon().withdrawn_since);
  Live(12 * 12, 10);
  EXPECT_FALSE(Horizon().withdrawn_since);
}

TEST_F(SeriesLedgerTest, NeitherADrawNorAFewForecastsWithdrawIt) {
  Live(12 * 48, 11.5);  // both off by 1.5
  EXPECT_FALSE(Horizon().withdrawn_since);

  SeriesLedger sparse;
  for (int i = 0; i < 48; ++i) {
    const TimestampMs time = kMidnight + i * 1h;
    sparse.Keep(0, Ten(time));
    (void)sparse.Meet(0, time, time, [](TimestampMs) { return std::optional(13.0); });
  }
  EXPECT_FALSE(sparse.horizons()[0].withdrawn_since) << "30 in a day";
}

TEST_F(SeriesLedgerTest, ForgetsWhatIsOlderThanAWeek) {
  Live(12 * 24 * 9, 11);
  const auto& scores = Horizon().scores;
  EXPECT_EQ(scores.buckets().size(), ScoreWindow::kBuckets);
  EXPECT_EQ(*scores.Since(), kMidnight + 48h);
  const std::uint64_t met = scores.Week().met;
  ledger_.Keep(0, Ten(kMidnight));
  EXPECT_EQ(ledger_.Meet(0, now_, now_, [](TimestampMs) { return std::optional(0.0); }), 1U);
  EXPECT_EQ(scores.Week().met, met) << "a moment of nine days ago";
}

}  // namespace
}  // namespace helios::accuracy
