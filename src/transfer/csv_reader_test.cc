// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/csv_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "tsdb/sample_store.h"

namespace helios::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Read {
  std::vector<std::string> samples;  ///< "series @ time = value (line)"
  std::vector<std::string> bad;      ///< "line: why"
  CsvTally tally;
  std::string error;  ///< "reason: message"
};

Read ReadCsv(std::string_view text, const CsvOptions& options = {}, const std::string& file_metric = "file") {
  Read read;
  SeriesBook book;
  CsvReader reader(
      [&text](std::span<char> to) -> Result<std::size_t> {
        const std::size_t taken = std::min(text.size(), to.size());
        std::memcpy(to.data(), text.data(), taken);
        text.remove_prefix(taken);
        return taken;
      },
      options, file_metric, book,
      [&read](std::uint64_t line, std::string_view why) { read.bad.push_back(fmt::format("{}: {}", line, why)); });
  std::vector<CsvSample> samples;
  for (;;) {
    const auto more = reader.Next(samples);
    if (!more) {
      read.error = fmt::format("{}: {}", more.error().reason, more.error().message);
      break;
    }
    if (!*more) break;
    for (const CsvSample& one : samples) {
      read.samples.push_back(fmt::format("{} @ {} = {} ({})", tsdb::ToString(*one.series),
                                         FormatRfc3339(one.sample.time), one.sample.value, one.sample.line));
    }
  }
  read.tally = reader.tally();
  return read;
}

TEST(CsvReader, ReadsTimestampAndValueAsTheFilesSeries) {
  const Read read = ReadCsv("timestamp,value\n1767441600,0.5\n2026-01-03T12:05:00Z,-2.5e3\n");
  EXPECT_THAT(read.samples,
              ElementsAre("file @ 2026-01-03T12:00:00Z = 0.5 (2)", "file @ 2026-01-03T12:05:00Z = -2500 (3)"));
  EXPECT_THAT(read.bad, IsEmpty());
}

TEST(CsvReader, OtherColumnsAreLabelsAndAnEmptyCellIsNone) {
  const Read read = ReadCsv("metric,time,value,host,label:value\ncpu,0,1,a,x\ncpu,0,2,,\nload,0,3,\"b,c\",\n");
  EXPECT_THAT(read.samples,
              ElementsAre("cpu{host=\"a\",value=\"x\"} @ 1970-01-01T00:00:00Z = 1 (2)",
                          "cpu @ 1970-01-01T00:00:00Z = 2 (3)", "load{host=\"b,c\"} @ 1970-01-01T00:00:00Z = 3 (4)"));
}

TEST(CsvReader, TheSeriesAndItsLabelsCanBeGiven) {
  CsvOptions options;
  options.metric = "requests";
  options.time_column = "when";
  options.value_column = "count";
  options.label_columns = {{"zone"}};
  options.labels = {{.name = "job", .value = "web"}};
  options.shift = std::chrono::hours{-1};
  const Read read = ReadCsv("zone,note,when,count\neu,ignored,7200,4\n", options);
  EXPECT_THAT(read.samples, ElementsAre("requests{job=\"web\",zone=\"eu\"} @ 1970-01-01T01:00:00Z = 4 (2)"));
}

TEST(CsvReader, OfTheWideLayoutEachColumnIsASeries) {
  CsvOptions options;
  options.layout = CsvLayout::kWide;
  const Read named = ReadCsv("time,cpu,load\n0,1,2\n60,,4\n", options);
  EXPECT_THAT(named.samples, ElementsAre("cpu @ 1970-01-01T00:00:00Z = 1 (2)", "load @ 1970-01-01T00:00:00Z = 2 (2)",
                                         "load @ 1970-01-01T00:01:00Z = 4 (3)"));
  EXPECT_EQ(named.tally.gaps, 1U);

  options.metric = "cpu";
  options.column_label = "host";
  EXPECT_THAT(ReadCsv("time,a\n0,1\n", options).samples, ElementsAre("cpu{host=\"a\"} @ 1970-01-01T00:00:00Z = 1 (2)"));
}

TEST(CsvReader, TellsSecondsFromMilliseconds) {
  EXPECT_EQ(ParseCsvTime("99999999999", TimeUnit::kAuto), FromUnixMs(99'999'999'999'000));
  EXPECT_EQ(ParseCsvTime("100000000000", TimeUnit::kAuto), FromUnixMs(100'000'000'000));
  EXPECT_EQ(ParseCsvTime("1767441600.25", TimeUnit::kAuto), FromUnixMs(1'767'441'600'250));
  EXPECT_EQ(ParseCsvTime("1000", TimeUnit::kMilliseconds), FromUnixMs(1'000));
  for (const char* bad : {"", "-1", "nan", "inf", "1e300", "12:00", "2026-13-01T00:00:00Z", "1 "}) {
    EXPECT_EQ(ParseCsvTime(bad, TimeUnit::kAuto), std::nullopt) << bad;
  }
}

TEST(CsvReader, TakesWhatADoubleCanHold) {
  EXPECT_EQ(ParseCsvValue("+1.5"), 1.5);
  EXPECT_TRUE(std::isnan(ParseCsvValue("NaN").value()));
  EXPECT_EQ(ParseCsvValue("-Inf"), -INFINITY);
  EXPECT_EQ(std::bit_cast<std::uint64_t>(ParseCsvValue("stale").value()), tsdb::kStaleMarkerBits);
  for (const char* bad : {"", "+", "+-1", "1,5", "0x10", "1e999", "one", "1 "}) {
    EXPECT_EQ(ParseCsvValue(bad), std::nullopt) << bad;
  }
}

TEST(CsvReader, TellsEachBadLineAndReadsTheOthers) {
  const Read read = ReadCsv(
      "timestamp,value,host\n"
      "0,1,a\n"
      "yesterday,1,a\n"
      "60,many,a\n"
      "120,1\n"
      "180,,a\n"
      "\"240,5,a\n"
      "300,6,a\n");
  EXPECT_THAT(read.samples, ElementsAre("file{host=\"a\"} @ 1970-01-01T00:00:00Z = 1 (2)"));
  EXPECT_THAT(read.bad,
              ElementsAre("3: 'yesterday' is no time; want RFC 3339, or seconds or milliseconds since 1970",
                          "4: 'many' is no number", "5: it has 2 fields; want 3", "7: a quote is not closed"));
  EXPECT_EQ(read.tally.lines, 6U);
  EXPECT_EQ(read.tally.samples, 1U);
  EXPECT_EQ(read.tally.gaps, 1U);
  EXPECT_EQ(read.tally.bad, 4U);
}

TEST(CsvReader, ASeriesThatCannotBeIsABadLine) {
  const Read read = ReadCsv("metric,time,value\nhelios:forecast,0,1\n,0,1\ncpu,0,1\n");
  EXPECT_EQ(read.samples.size(), 1U);
  ASSERT_EQ(read.bad.size(), 2U);
  EXPECT_THAT(read.bad[0], HasSubstr("2: "));
  EXPECT_THAT(read.bad[0], HasSubstr("helios:"));
}

TEST(CsvReader, AWideLineWithABadCellIsLeftOutWhole) {
  CsvOptions options;
  options.layout = CsvLayout::kWide;
  const Read read = ReadCsv("time,cpu,load\n0,1,x\n60,2,3\n", options);
  EXPECT_EQ(read.samples.size(), 2U);
  EXPECT_THAT(read.bad, ElementsAre("2: 'x' in column 3 is no number"));
}

TEST(CsvReader, AHeaderThatSaysTooLittleIsAnError) {
  EXPECT_THAT(ReadCsv("").error, HasSubstr("transfer.bad_header: cannot read it: it is empty"));
  EXPECT_THAT(ReadCsv("0,1\n").error, HasSubstr("there is no column 'time'; got '0', '1'"));
  EXPECT_THAT(ReadCsv("time,host\n").error, HasSubstr("there is no column 'value'"));
  EXPECT_THAT(ReadCsv("time,value,a,a\n").error, HasSubstr("there are two columns 'a'"));
  EXPECT_THAT(ReadCsv("time,value,\n").error, HasSubstr("column 3 has no name"));
  EXPECT_THAT(ReadCsv("time,value\n0,1\n", {}, "").error, HasSubstr("want --metric"));
  CsvOptions wide;
  wide.layout = CsvLayout::kWide;
  EXPECT_THAT(ReadCsv("time\n", wide).error, HasSubstr("no column beside the time"));
  wide.metric = "cpu";
  EXPECT_THAT(ReadCsv("time,a\n", wide).error, HasSubstr("--column-label"));
}

}  // namespace
}  // namespace helios::transfer
