// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/cron.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace helios::jobs {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The next `count` times in UTC, as "2026-01-03T12:00:00Z".
std::vector<std::string> Times(std::string_view cron, std::string_view zone, std::string_view after, int count) {
  const Cron parsed = Cron::Parse(cron).value();
  const TimeZone found = TimeZone::Find(zone).value();
  std::vector<std::string> times;
  TimestampMs time = ParseRfc3339(after).value();
  for (int i = 0; i < count; ++i) {
    const auto next = parsed.Next(time, found);
    if (!next) break;
    time = *next;
    times.push_back(FormatRfc3339(time));
  }
  return times;
}

// 2026-01-03 is a Saturday.
TEST(Cron, GoesFromTickToTick) {
  EXPECT_THAT(Times("0 2 * * *", "UTC", "2026-01-03T02:00:00Z", 2),
              ElementsAre("2026-01-04T02:00:00Z", "2026-01-05T02:00:00Z"));
  EXPECT_THAT(Times("0 2 * * *", "UTC", "2026-01-03T01:59:59.999Z", 1), ElementsAre("2026-01-03T02:00:00Z"));
  EXPECT_THAT(Times("* * * * *", "UTC", "2026-12-31T23:58:30Z", 2),
              ElementsAre("2026-12-31T23:59:00Z", "2027-01-01T00:00:00Z"));
}

TEST(Cron, TakesListsRangesAndSteps) {
  EXPECT_THAT(
      Times("5,35-36 9 * * *", "UTC", "2026-01-03T09:00:00Z", 4),
      ElementsAre("2026-01-03T09:05:00Z", "2026-01-03T09:35:00Z", "2026-01-03T09:36:00Z", "2026-01-04T09:05:00Z"));
  EXPECT_THAT(Times("*/25 * * * *", "UTC", "2026-01-03T09:00:00Z", 3),
              ElementsAre("2026-01-03T09:25:00Z", "2026-01-03T09:50:00Z", "2026-01-03T10:00:00Z"));
  EXPECT_THAT(
      Times("0 8-18/5 * * *", "UTC", "2026-01-03T00:00:00Z", 4),
      ElementsAre("2026-01-03T08:00:00Z", "2026-01-03T13:00:00Z", "2026-01-03T18:00:00Z", "2026-01-04T08:00:00Z"));
}

TEST(Cron, KnowsMonthsAndDaysByName) {
  EXPECT_THAT(Times("0 6 * * mon-FRI", "UTC", "2026-01-03T00:00:00Z", 2),
              ElementsAre("2026-01-05T06:00:00Z", "2026-01-06T06:00:00Z"));
  EXPECT_THAT(Times("0 0 1 Jan,jul *", "UTC", "2026-01-03T00:00:00Z", 2),
              ElementsAre("2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z"));
  for (const char* sunday : {"0", "7", "sun"}) {
    EXPECT_THAT(Times(std::string("0 0 * * ") + sunday, "UTC", "2026-01-03T00:00:00Z", 1),
                ElementsAre("2026-01-04T00:00:00Z"));
  }
  EXPECT_THAT(Times("0 0 * * 5-7", "UTC", "2026-01-03T00:00:00Z", 2),
              ElementsAre("2026-01-04T00:00:00Z", "2026-01-09T00:00:00Z"));
}

TEST(Cron, ADayFitsByDateOrByWeekdayWhereBothAreRestricted) {
  EXPECT_THAT(Times("0 0 13 * fri", "UTC", "2026-01-03T00:00:00Z", 3),
              ElementsAre("2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z", "2026-01-16T00:00:00Z"));
}

TEST(Cron, WaitsForLeapDays) {
  EXPECT_THAT(Times("0 0 29 2 *", "UTC", "2026-01-03T00:00:00Z", 1), ElementsAre("2028-02-29T00:00:00Z"));
  EXPECT_THAT(Times("0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1), ElementsAre("2104-02-29T00:00:00Z"));
}

// Europe/Berlin 2026: clocks go from 02:00 to 03:00 on 29 March at 01:00 UTC, and from 03:00 to 02:00 on 25 October at
// 01:00 UTC.
TEST(Cron, ASkippedMinuteRunsAtTheFirstOneAfterTheGap) {
  EXPECT_THAT(Times("30 2 * * *", "Europe/Berlin", "2026-03-27T12:00:00Z", 3),
              ElementsAre("2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"));
  EXPECT_THAT(Times("0,20,40 2,3 * * *", "Europe/Berlin", "2026-03-28T23:00:00Z", 3),
              ElementsAre("2026-03-29T01:00:00Z", "2026-03-29T01:20:00Z", "2026-03-29T01:40:00Z"))
      << "several skipped minutes and the one after the gap are one";
}

TEST(Cron, ARepeatedMinuteRunsTheFirstTimeAlone) {
  EXPECT_THAT(Times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
              ElementsAre("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"));
  EXPECT_THAT(Times("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1), ElementsAre("2026-10-26T01:30:00Z"))
      << "also asked within the repetition";
  EXPECT_THAT(Times("0 3 * * *", "Europe/Berlin", "2026-10-24T22:00:00Z", 1), ElementsAre("2026-10-25T02:00:00Z"));
}

TEST(Cron, AScheduleForEveryHourGoesByTimeElapsed) {
  EXPECT_THAT(Times("0,30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", 6),
              ElementsAre("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z",
                          "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z", "2026-10-25T02:30:00Z"));
  EXPECT_THAT(Times("0,30 * * * *", "Europe/Berlin", "2026-03-29T00:30:00Z", 2),
              ElementsAre("2026-03-29T01:00:00Z", "2026-03-29T01:30:00Z"));
}

TEST(Cron, HoldsInOtherZones) {
  // America/New_York 2026: 02:00 to 03:00 on 8 March at 07:00 UTC; 02:00 to 01:00 on 1 November at 06:00 UTC.
  EXPECT_THAT(Times("15 2 8 3 *", "America/New_York", "2026-03-01T00:00:00Z", 1), ElementsAre("2026-03-08T07:00:00Z"));
  EXPECT_THAT(Times("15 1 1 11 *", "America/New_York", "2026-10-01T00:00:00Z", 1), ElementsAre("2026-11-01T05:15:00Z"));
  // Australia/Lord_Howe moves by half an hour: 02:00 to 02:30 on 4 October 2026, which is 15:30 UTC of the day before.
  EXPECT_THAT(Times("10 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", 2),
              ElementsAre("2026-10-03T15:30:00Z", "2026-10-04T15:10:00Z"));
  // Asia/Kolkata is 5:30 ahead all year.
  EXPECT_THAT(Times("0 2 * * *", "Asia/Kolkata", "2026-06-01T00:00:00Z", 1), ElementsAre("2026-06-01T20:30:00Z"));
  // Pacific/Apia had no 30 December 2011: it went from -10 to +14 at 10:00 UTC.
  EXPECT_THAT(Times("0 2 30 12 *", "Pacific/Apia", "2011-12-29T00:00:00Z", 1), ElementsAre("2011-12-30T10:00:00Z"));
}

TEST(Cron, RefusesWhatItCannotRead) {
  for (const char* text : {"",
                           "0 2 * *",
                           "0 2 * * * *",
                           "60 * * * *",
                           "* 24 * * *",
                           "* * 0 * *",
                           "* * 32 * *",
                           "* * * 13 *",
                           "* * * * 8",
                           "-1 * * * *",
                           "5-1 * * * *",
                           "*/0 * * * *",
                           "*/ * * * *",
                           "5/15 * * * *",
                           "1,,2 * * * *",
                           "a * * * *",
                           "* * * foo *",
                           "1- * * * *",
                           "1.5 * * * *",
                           "0x1 * * * *",
                           "0 0 30 2 *",
                           "0 0 31 4,6 *",
                           "@daily"}) {
    const auto parsed = Cron::Parse(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().reason, "jobs.bad_cron") << text;
  }
  EXPECT_THAT(Cron::Parse("0 25 * * *").error().message, HasSubstr("hour: got '25'; want 0 to 23"));
  EXPECT_EQ(Cron::Parse(std::string(300, '*')).error().reason, "jobs.bad_cron");
}

TEST(TimeZone, RefusesUnknownNamesAndPaths) {
  for (const char* name : {"", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "Europe/", "."}) {
    EXPECT_EQ(TimeZone::Find(name).error().reason, "jobs.unknown_time_zone") << name;
  }
}

TEST(TimeZone, TellsItsOffsetsAsData) {
  const TimeZone zone = TimeZone::Find("Europe/Berlin").value();
  const auto offsets =
      zone.Offsets(ParseRfc3339("2026-01-01T00:00:00Z").value(), ParseRfc3339("2026-12-31T00:00:00Z").value());
  ASSERT_EQ(offsets.size(), 3U);
  EXPECT_EQ(FormatRfc3339(offsets[0].at), "2026-01-01T00:00:00Z");
  EXPECT_EQ(offsets[0].offset, std::chrono::hours{1});
  EXPECT_EQ(FormatRfc3339(offsets[1].at), "2026-03-29T01:00:00Z");
  EXPECT_EQ(offsets[1].offset, std::chrono::hours{2});
  EXPECT_EQ(FormatRfc3339(offsets[2].at), "2026-10-25T01:00:00Z");
  EXPECT_EQ(offsets[2].offset, std::chrono::hours{1});
  EXPECT_EQ(TimeZone::Find("UTC").value().Offsets(FromUnixMs(0), FromUnixMs(1'767'441'600'000)).size(), 1U);
}

}  // namespace
}  // namespace helios::jobs
