// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "query/selector.h"

#include <gtest/gtest.h>

namespace helios::query {
namespace {

using Kind = tsdb::Matcher::Kind;

TEST(ParseMatchers, ReadsEveryKind) {
  const auto matchers = ParseMatchers(R"({ host="a\"b", job=~'api\d+' ,mode!="idle",az!~"eu.*",})");
  ASSERT_TRUE(matchers.has_value()) << matchers.error().message;
  ASSERT_EQ(matchers->size(), 4U);
  EXPECT_EQ((*matchers)[0].value, "a\"b");
  EXPECT_EQ((*matchers)[1].kind, Kind::kRegex);
  EXPECT_EQ((*matchers)[1].value, "api\\d+");
  EXPECT_EQ((*matchers)[2].kind, Kind::kNotEqual);
  EXPECT_EQ((*matchers)[3].kind, Kind::kNotRegex);
  EXPECT_TRUE(ParseMatchers("")->empty());
  EXPECT_TRUE(ParseMatchers(" {} ")->empty());
}

TEST(ParseMatchers, SaysWhereItStopped) {
  for (const char* text :
       {"host=\"a\"", "{host}", "{host=a}", "{host=\"a}", "{=\"a\"}", "{a=\"b\" c=\"d\"}", "{a=\"b\"}x"}) {
    const auto matchers = ParseMatchers(text);
    ASSERT_FALSE(matchers.has_value()) << text;
    EXPECT_EQ(matchers.error().reason, "query.bad_match");
    EXPECT_NE(matchers.error().message.find("at byte"), std::string::npos);
  }
}

}  // namespace
}  // namespace helios::query
