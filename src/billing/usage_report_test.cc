// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "billing/usage_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace helios::billing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TimestampMs At(const char* text) {
  return *ParseRfc3339(text);
}

constexpr auto kFirst = std::chrono::sys_days{2026y / 1 / 1};

TEST(PeriodOf, IsTheCalendarMonthInUtc) {
  EXPECT_EQ(PeriodOf(At("2026-01-31T23:59:59Z")).begin, At("2026-01-01T00:00:00Z"));
  EXPECT_EQ(PeriodOf(At("2026-01-31T23:59:59Z")).end, At("2026-02-01T00:00:00Z"));
  EXPECT_EQ(PeriodOf(At("2026-12-01T00:00:00Z")).end, At("2027-01-01T00:00:00Z"));
}

TEST(Summarize, AddsTheHoursOfEachDayAndNamesDaysWithoutAny) {
  const UsageSummary summary = Summarize({{At("2026-01-01T00:00:00Z"), "samples", 5},
                                          {At("2026-01-03T11:00:00Z"), "samples", 7},
                                          {At("2026-01-03T11:00:00Z"), "samples", 1},
                                          {At("2026-01-03T09:00:00Z"), "predictions", 2},
                                          {At("2026-01-03T09:00:00Z"), "of a later version", 9}},
                                         At("2026-01-03T12:30:00Z"));
  EXPECT_EQ(summary.samples, 13U);
  EXPECT_EQ(summary.predictions, 2U);
  EXPECT_THAT(summary.days,
              ElementsAre(DailyUsage{.day = kFirst, .samples = 5, .predictions = 0},
                          DailyUsage{.day = kFirst + std::chrono::days{1}, .samples = 0, .predictions = 0},
                          DailyUsage{.day = kFirst + std::chrono::days{2}, .samples = 8, .predictions = 2}));
}

TEST(Summarize, TakesTheRateOverThisHourAndTheOneBefore) {
  // 11:00 to 12:30 are 5,400 s.
  const UsageSummary summary = Summarize({{At("2026-01-03T10:00:00Z"), "samples", 1'000'000},
                                          {At("2026-01-03T11:00:00Z"), "samples", 50'000},
                                          {At("2026-01-03T12:00:00Z"), "samples", 4'000}},
                                         At("2026-01-03T12:30:00Z"));
  EXPECT_DOUBLE_EQ(summary.samples_per_second, 10);
}

TEST(Summarize, LeavesOutLastMonthButForTheRate) {
  const TimestampMs now = At("2026-02-01T00:30:00Z");
  EXPECT_EQ(BeginOfInterest(now), At("2026-01-31T23:00:00Z"));
  const UsageSummary summary = Summarize({{At("2026-01-31T23:00:00Z"), "samples", 5'400}}, now);
  EXPECT_EQ(summary.samples, 0U);
  EXPECT_EQ(summary.days.size(), 1U);
  EXPECT_DOUBLE_EQ(summary.samples_per_second, 1);
}

TEST(Summarize, OfNothingIsZero) {
  const UsageSummary summary = Summarize({}, At("2026-01-01T00:00:00Z"));
  EXPECT_EQ(summary.samples, 0U);
  EXPECT_DOUBLE_EQ(summary.samples_per_second, 0);
  EXPECT_EQ(summary.days.size(), 1U);
}

}  // namespace
}  // namespace helios::billing
