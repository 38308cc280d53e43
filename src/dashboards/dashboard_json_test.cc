// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "dashboards/dashboard_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace helios::dashboards {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Result<void> AnyMatch(std::string_view) {
  return {};
}

boost::json::object Valid() {
  return {{"title", "CPU"}, {"metric", "cpu_usage"}, {"x", 0}, {"y", 0}, {"width", 6}, {"height", 4}};
}

/// What ReadCharts() says of a chart in which one field is another.
std::string Refusal(const char* field, const boost::json::value& value) {
  boost::json::object chart = Valid();
  chart[field] = value;
  const auto read = ReadCharts({chart}, AnyMatch);
  return read ? "none" : fmt::format("{}: {}", read.error().reason, read.error().message);
}

TEST(ReadCharts, TakesWhatIsNamedAndDefaultsForTheRest) {
  const auto charts = ReadCharts({Valid()}, AnyMatch);
  ASSERT_TRUE(charts) << charts.error().message;
  const Chart want{.title = "CPU",
                   .metric = "cpu_usage",
                   .match = {},
                   .aggregate = "avg",
                   .hours = 6,
                   .forecast = false,
                   .x = 0,
                   .y = 0,
                   .width = 6,
                   .height = 4};
  EXPECT_EQ(charts->at(0), want);
}

TEST(ReadCharts, GivesBackWhatALayoutWasMadeOf) {
  boost::json::object second = Valid();
  second["x"] = 6;
  second["match"] = R"({host="a"})";
  second["forecast"] = true;
  const auto charts = ReadCharts({Valid(), second}, AnyMatch);
  ASSERT_TRUE(charts);
  EXPECT_EQ(FromLayout(ToLayout(*charts, true)), *charts);
  for (const char* layout : {"{}", "[]", "nonsense", R"({"charts":[{"title":"a"}]})"}) {
    EXPECT_THAT(FromLayout(layout), IsEmpty()) << layout;
  }
}

TEST(ReadCharts, NamesTheFieldThatIsWrong) {
  EXPECT_THAT(Refusal("title", ""), HasSubstr("charts[0].title"));
  EXPECT_THAT(Refusal("title", boost::json::string(201, 'a')), HasSubstr("charts[0].title"));
  EXPECT_THAT(Refusal("metric", nullptr), HasSubstr("charts[0].metric"));
  EXPECT_THAT(Refusal("aggregate", "median"), HasSubstr("charts[0].aggregate"));
  EXPECT_THAT(Refusal("hours", 2161), HasSubstr("charts[0].hours"));
  EXPECT_THAT(Refusal("width", 0), HasSubstr("charts[0].width"));
  EXPECT_THAT(Refusal("width", nullptr), HasSubstr("charts[0].width"));
  EXPECT_THAT(Refusal("x", 7), HasSubstr("charts[0].width"));  // 7 + 6 columns
  EXPECT_THAT(Refusal("height", 13), HasSubstr("charts[0].height"));
  EXPECT_THAT(Refusal("y", 1.5), HasSubstr("charts[0].y"));
  EXPECT_THAT(Refusal("colour", "red"), HasSubstr("http.unknown_field"));
}

TEST(ReadCharts, RefusesChartsOverEachOtherAndTooMany) {
  const auto over = ReadCharts({Valid(), Valid()}, AnyMatch);
  ASSERT_FALSE(over);
  EXPECT_THAT(over.error().message, HasSubstr("[1] lies over [0]"));
  boost::json::array many;
  for (int i = 0; i < 41; ++i) {
    boost::json::object chart = Valid();
    chart["y"] = 4 * i;
    many.push_back(chart);
  }
  EXPECT_FALSE(ReadCharts(many, AnyMatch));
  many.pop_back();
  EXPECT_TRUE(ReadCharts(many, AnyMatch));
  EXPECT_FALSE(ReadCharts({1}, AnyMatch));
}

TEST(ReadCharts, AsksWhetherMatchersCanBeRead) {
  const auto read = ReadCharts({Valid()}, [](std::string_view) -> Result<void> {
    return Fail(ErrorCode::kInvalidArgument, "query.bad_match", "cannot read it");
  });
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().reason, "query.bad_match");
}

}  // namespace
}  // namespace helios::dashboards
