// SPDX-License-Identifier: Apache-2.0
#include "workbench/duration_text.h"

#include <gtest/gtest.h>

namespace helios::workbench {
namespace {

using namespace std::chrono_literals;

TEST(ParseMinutes, TakesMinutesAndUnits) {
  EXPECT_EQ(ParseMinutes("15"), 15min);
  EXPECT_EQ(ParseMinutes("90m"), 90min);
  EXPECT_EQ(ParseMinutes("5min"), 5min);
  EXPECT_EQ(ParseMinutes("2h"), 120min);
  EXPECT_EQ(ParseMinutes("7d"), 10'080min);
  EXPECT_EQ(ParseMinutes("1w"), 10'080min);
}

TEST(ParseMinutes, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "0", "-5", "1.5h", "h", "5s", "5 m", "99999999999999999999", "999999999d"}) {
    const auto minutes = ParseMinutes(text);
    ASSERT_FALSE(minutes) << text;
    EXPECT_EQ(minutes.error().reason, "workbench.bad_duration");
  }
}

TEST(DurationText, NamesTheTwoLargestUnits) {
  EXPECT_EQ(DurationText(5min), "5 min");
  EXPECT_EQ(DurationText(1h), "1 h");
  EXPECT_EQ(DurationText(90min), "1 h 30 min");
  EXPECT_EQ(DurationText(14 * 24h - 5min), "13 d 23 h");
  EXPECT_EQ(DurationText(48h), "2 d");
  EXPECT_EQ(DurationText(10s), "10 s");
  EXPECT_EQ(DurationText(0s), "0 s");
  EXPECT_EQ(DurationText(24h + 5min), "1 d");
}

}  // namespace
}  // namespace helios::workbench
