// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "transfer/csv_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace helios::transfer {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Every record of a text that comes in pieces.
std::vector<CsvRecord> Split(std::string_view text, std::size_t piece = 3) {
  CsvRecords records([&](std::span<char> to) -> Result<std::size_t> {
    const std::size_t taken = std::min({piece, text.size(), to.size()});
    std::memcpy(to.data(), text.data(), taken);
    text.remove_prefix(taken);
    return taken;
  });
  std::vector<CsvRecord> all;
  for (CsvRecord record; records.Next(record).value();) all.push_back(record);
  return all;
}

TEST(CsvRecords, SplitsLinesAtCommas) {
  const auto records = Split("a,b\n1,\r\n,2");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_THAT(records[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT(records[1].fields, ElementsAre("1", ""));
  EXPECT_THAT(records[2].fields, ElementsAre("", "2"));
  EXPECT_EQ(records[2].line, 3U);
}

TEST(CsvRecords, QuotesHoldCommasQuotesAndLineFeeds) {
  const auto records = Split("\"a,\"\"b\"\"\n\",x\r\n\"\"\nlast,1");
  ASSERT_EQ(records.size(), 3U);
  EXPECT_THAT(records[0].fields, ElementsAre("a,\"b\"\n", "x"));
  EXPECT_THAT(records[1].fields, ElementsAre(""));
  EXPECT_EQ(records[1].line, 3U) << "the first record took two lines";
  EXPECT_EQ(records[2].line, 4U);
}

TEST(CsvRecords, PassesOverAByteOrderMarkAndEmptyLines) {
  const auto records = Split("\xef\xbb\xbf\"a\",b\n\n\r\n1,2\n\n");
  ASSERT_EQ(records.size(), 2U);
  EXPECT_THAT(records[0].fields, ElementsAre("a", "b"));
  EXPECT_EQ(records[1].line, 4U);
}

TEST(CsvRecords, AnEmptyTextHasNone) {
  EXPECT_THAT(Split(""), IsEmpty());
  EXPECT_THAT(Split("\n\n"), IsEmpty());
}

TEST(CsvRecords, GoesOnBehindALineThatItCannotSplit) {
  const auto records = Split("a\"b,c\n1,2\n\"x\"y,3\n4,5\n");
  ASSERT_EQ(records.size(), 4U);
  EXPECT_EQ(records[0].problem, "there is a quote within a field that does not begin with one");
  EXPECT_THAT(records[1].fields, ElementsAre("1", "2"));
  EXPECT_EQ(records[2].problem, "there is text behind a closing quote");
  EXPECT_EQ(records[2].line, 3U);
  EXPECT_THAT(records[3].fields, ElementsAre("4", "5"));
}

TEST(CsvRecords, AQuoteThatNobodyClosesEndsWithTheTextOrAtTheBound) {
  const auto open = Split("1,2\n3,\"4\n5,6\n");
  ASSERT_EQ(open.size(), 2U);
  EXPECT_EQ(open[1].problem, "a quote is not closed");
  EXPECT_EQ(open[1].line, 2U);

  const auto bounded = Split("\"" + std::string(CsvRecords::kMostBytes, 'x') + "\n7,8\n", 65'536);
  ASSERT_EQ(bounded.size(), 2U);
  EXPECT_EQ(bounded[0].problem, "it is longer than 1 MiB, or a quote is not closed");
  EXPECT_THAT(bounded[1].fields, ElementsAre("7", "8"));
}

TEST(CsvRecords, TellsTheSourcesFailure) {
  CsvRecords records(
      [](std::span<char>) -> Result<std::size_t> { return Fail(ErrorCode::kUnavailable, "file.unreadable", "gone"); });
  CsvRecord record;
  EXPECT_EQ(records.Next(record).error().reason, "file.unreadable");
}

}  // namespace
}  // namespace helios::transfer
