// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "predictions/prediction_book.h"

#include <gtest/gtest.h>

namespace helios::predictions {
namespace {

using namespace std::chrono_literals;

constexpr TimestampMs kNoon = FromUnixMs(1'767'441'600'000);  // 2026-01-03T12:00:00Z
const TenantId kAcme = *TenantId::Parse("01900000-0000-7000-8000-000000000001");
const TenantId kGlobex = *TenantId::Parse("01900000-0000-7000-8000-000000000002");
const tsdb::SeriesKey kCpu{.metric = "cpu", .labels = {{"host", "a"}}};

ml::SeriesForecast Forecast(TimestampMs origin, int points = 3) {
  ml::SeriesForecast forecast;
  forecast.origin = origin;
  forecast.step = 5min;
  for (int i = 1; i <= points; ++i) {
    forecast.points.push_back({.time = origin + i * 15min, .horizon = i * 15min, .value = 1.0, .lower = 0, .upper = 2});
  }
  return forecast;
}

class PredictionBookTest : public ::testing::Test {
 protected:
  void Keep(TimestampMs origin, TenantId tenant = kAcme, const tsdb::SeriesKey& series = kCpu, double level = 0.95,
            int points = 3) {
    book.Keep(tenant, series, std::nullopt, Forecast(origin, points), level, now);
  }

  obs::Metrics registry;
  PredictionMetrics metrics{registry};
  PredictionBook book{metrics, {.points_per_minute = 6, .points_in_hand = 30, .most_waiting = 60, .most_known = 1'000}};
  TimestampMs now = kNoon;
};

TEST_F(PredictionBookTest, TheSameQuestionBetweenTwoSamplesIsKeptOnce) {
  Keep(kNoon);
  Keep(kNoon);
  EXPECT_EQ(book.waiting(), 3U);
  Keep(kNoon, kAcme, kCpu, 0.8);
  Keep(kNoon, kAcme, {.metric = "cpu", .labels = {{"host", "b"}}});
  Keep(kNoon, kGlobex);
  Keep(kNoon, kAcme, kCpu, 0.95, 2);
  EXPECT_EQ(book.waiting(), 14U) << "another level, series, tenant or other horizons are another question";
  Keep(kNoon + 1min);
  EXPECT_EQ(book.waiting(), 17U) << "a sample came";
  EXPECT_EQ(metrics.beyond_rate.Value() + metrics.queue_full.Value(), 0);
}

TEST_F(PredictionBookTest, OfATenantSoManyPointsAMinuteAreKeptAndTheRestIsCounted) {
  for (int i = 0; i < 12; ++i) Keep(kNoon + i * 1s);
  EXPECT_EQ(book.waiting(), 30U);
  EXPECT_EQ(metrics.beyond_rate.Value(), 6);
  Keep(kNoon, kGlobex);
  EXPECT_EQ(book.waiting(), 33U) << "another tenant has its own";
  now += 30s;  // three points more
  Keep(kNoon + 20s);
  Keep(kNoon + 21s);
  EXPECT_EQ(book.waiting(), 36U);
  now -= 1h;  // a clock that was put back
  Keep(kNoon + 22s);
  EXPECT_EQ(book.waiting(), 36U);
}

TEST_F(PredictionBookTest, ALargeQuestionIsKeptWholeAndPaidForLater) {
  Keep(kNoon, kAcme, kCpu, 0.95, 48);
  EXPECT_EQ(book.waiting(), 48U);
  now += 2min;
  Keep(kNoon + 1s);
  EXPECT_EQ(book.waiting(), 48U) << "18 points are owed, and 12 came in";
  now += 2min;
  Keep(kNoon + 2s);
  EXPECT_EQ(book.waiting(), 51U);
}

TEST_F(PredictionBookTest, WhatWaitsIsBoundedAlsoWhereItComesBack) {
  for (int i = 0; i < 10; ++i) Keep(kNoon + i * 1s);
  for (int i = 0; i < 10; ++i) Keep(kNoon + i * 1s, kGlobex);
  EXPECT_EQ(book.waiting(), 60U);
  Keep(kNoon, *TenantId::Parse("01900000-0000-7000-8000-000000000003"));
  EXPECT_EQ(metrics.queue_full.Value(), 3);
  auto taken = book.Take();
  EXPECT_EQ(book.waiting(), 0U);
  ASSERT_EQ(taken.size(), 2U);
  ASSERT_EQ(taken[kAcme].size(), 10U);
  EXPECT_EQ(taken[kAcme][0].series, kCpu);
  EXPECT_EQ(taken[kAcme][0].step, 5min);
  book.PutBack(kAcme, taken[kAcme]);
  EXPECT_EQ(book.waiting(), 30U);
  book.PutBack(kGlobex, taken[kGlobex]);
  book.PutBack(kGlobex, std::move(taken[kGlobex]));
  EXPECT_EQ(book.waiting(), 60U);
  EXPECT_EQ(metrics.queue_full.Value(), 33);
}

}  // namespace
}  // namespace helios::predictions
