// SPDX-License-Identifier: Apache-2.0
#include "workbench/labelled_series.h"

#include <gmock/gmock.h>

#include <filesystem>

#include "base/file.h"

namespace helios::workbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class LabelledFiles : public ::testing::Test {
 protected:
  void SetUp() override {
    directory_ = std::filesystem::temp_directory_path() /
                 ("helios-labels-" + std::string(::testing::UnitTest::GetInstance()->current_test_info()->name()));
    std::filesystem::create_directories(directory_ / "a");
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  void Write(const char* name, std::string_view text) { ASSERT_TRUE(WriteFileAtomically(directory_ / name, text)); }

  std::filesystem::path directory_;
};

TEST(ParseLabels, TakesUnixSecondsAndTheBenchmarksOwnTimes) {
  const auto labels = ParseLabels(
      R"({"b/2.csv": [["1970-01-01 00:01:00.000000", "1970-01-01T00:02:00Z"]], "a/1.csv": [[60, 120], [0, 30]]})", "x");
  ASSERT_TRUE(labels) << labels.error().message;
  ASSERT_EQ(labels->size(), 2U);
  EXPECT_EQ((*labels)[0].family(), "a");
  EXPECT_EQ((*labels)[0].spans[0].last, FromUnixMs(30'000));  // sorted
  EXPECT_EQ((*labels)[1].spans[0].first, FromUnixMs(60'000));
  EXPECT_EQ((*labels)[1].spans[0].last, FromUnixMs(120'000));
}

TEST(ParseLabels, NamesTheSeriesWhoseLabelsItCannotRead) {
  for (const char* text :
       {R"({"a.csv": 5})", R"({"a.csv": [[1]]})", R"({"a.csv": [[2, 1]]})", R"({"a.csv": [["x", 1]]})",
        R"({"a.csv": [[1, 1e300]]})", R"({"a.csv": [[1, 9223372036854775807]]})"}) {
    const auto labels = ParseLabels(text, "labels.json");
    ASSERT_FALSE(labels) << text;
    EXPECT_EQ(labels.error().reason, "workbench.bad_labels");
    EXPECT_THAT(labels.error().message, HasSubstr("a.csv"));
  }
  EXPECT_FALSE(ParseLabels("[]", "x"));
  EXPECT_FALSE(ParseLabels("{", "x"));
}

TEST_F(LabelledFiles, TurnsSpansOfTimeIntoRows) {
  Write("a/1.csv", "timestamp,value\n0,1\n60,2\n120,3\n180,4\n");
  Write("labels.json", R"({"a/1.csv": [[50, 130], [1000, 2000]]})");
  const auto series = ReadLabelledSeries(directory_, "labels.json");
  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ(series->size(), 1U);
  EXPECT_EQ((*series)[0].family, "a");
  EXPECT_THAT((*series)[0].ranges, ElementsAre(ml::RowRange{1, 2}));  // the second span has no sample
}

TEST_F(LabelledFiles, RefusesLabelsThatShareASample) {
  Write("a/1.csv", "timestamp,value\n0,1\n60,2\n120,3\n");
  Write("labels.json", R"({"a/1.csv": [[0, 60], [60, 120]]})");
  const auto series = ReadLabelledSeries(directory_, "labels.json");
  ASSERT_FALSE(series);
  EXPECT_THAT(series.error().message, HasSubstr("a/1.csv"));
}

}  // namespace
}  // namespace helios::workbench
