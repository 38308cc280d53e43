// SPDX-License-Identifier: Apache-2.0
#include "workbench/csv_series.h"

#include <gmock/gmock.h>

#include <cmath>

namespace helios::workbench {
namespace {

using ::testing::HasSubstr;

TEST(ParseCsvSeries, TakesUnixSecondsAndRfc3339) {
  const auto series = ParseCsvSeries("timestamp,value\n60,1.5\n1970-01-01T00:02:00Z,-2e3\r\n\n180.25,7", "a.csv");
  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->size(), 3U);
  EXPECT_EQ((*series)[0].time, FromUnixMs(60'000));
  EXPECT_EQ((*series)[0].value, 1.5);
  EXPECT_EQ((*series)[1].time, FromUnixMs(120'000));
  EXPECT_EQ((*series)[1].value, -2'000.0);
  EXPECT_EQ((*series)[2].time, FromUnixMs(180'250));
}

TEST(ParseCsvSeries, ReadsAMissingValueAsAGap) {
  const auto series = ParseCsvSeries("timestamp,value\n0,\n60,nan\n120,1e999\n", "a.csv");
  ASSERT_TRUE(series);
  ASSERT_EQ(series->size(), 3U);
  for (const auto& sample : *series) EXPECT_FALSE(std::isfinite(sample.value));
}

TEST(ParseCsvSeries, NamesFileAndLineOfWhatItCannotRead) {
  for (const char* text : {"", "time,value\n", "0,1\n"}) {
    const auto series = ParseCsvSeries(text, "a.csv");
    ASSERT_FALSE(series) << text;
    EXPECT_EQ(series.error().reason, "workbench.bad_csv");
    EXPECT_THAT(series.error().message, HasSubstr("a.csv"));
  }
  for (const char* line : {"60", "x,1", "60,1,2", "60,1x", "1e300,1", ",1"}) {
    const auto series = ParseCsvSeries(std::string("timestamp,value\n0,1\n") + line + "\n", "a.csv");
    ASSERT_FALSE(series) << line;
    EXPECT_THAT(series.error().message, HasSubstr("line 3")) << line;
  }
}

TEST(ReadCsvSeries, SaysThatAFileIsNotThere) {
  const auto series = ReadCsvSeries("no/such/file.csv");
  ASSERT_FALSE(series);
  EXPECT_EQ(series.error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace helios::workbench
