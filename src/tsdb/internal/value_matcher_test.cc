// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tsdb/internal/value_matcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <re2/re2.h>

namespace helios::tsdb {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pointee;

ValueMatcher Regex(const std::string& pattern) {
  return ValueMatcher::Compile({"label", Matcher::Kind::kRegex, pattern}).value();
}

TEST(ValueMatcher, LooksLiteralsUp) {
  EXPECT_THAT(ValueMatcher::Compile({"l", Matcher::Kind::kEqual, "a.*"})->literals(), Pointee(ElementsAre("a.*")));
  EXPECT_THAT(ValueMatcher::Compile({"l", Matcher::Kind::kNotEqual, ""})->literals(), Pointee(ElementsAre("")));
  EXPECT_THAT(Regex("b|a|b").literals(), Pointee(ElementsAre("a", "b")));
  EXPECT_THAT(Regex("(a|größe)").literals(), Pointee(ElementsAre("a", "größe")));
  EXPECT_THAT(Regex("(?:host-1:9100|)").literals(), Pointee(ElementsAre("", "host-1:9100")));
  EXPECT_THAT(Regex(R"(10\.0\.0\.1|a\|b)").literals(), Pointee(ElementsAre("10.0.0.1", "a|b")));
  for (const char* pattern : {"a.b", "(a|b)c", "a+", "(?i)a", "(?i:a)", "a|b*", R"(\d)", "^a", "a$", "[ab]", "a{2}"}) {
    EXPECT_EQ(Regex(pattern).literals(), nullptr) << pattern;
  }
}

TEST(ValueMatcher, KnowsPrefixesAndRanges) {
  EXPECT_EQ(Regex(R"(host\.a.*)").prefix()->prefix, "host.a");
  EXPECT_EQ(Regex("a.+").prefix()->more, 1U);
  EXPECT_EQ(Regex(".*").prefix()->prefix, "");
  EXPECT_FALSE(Regex("ab*").prefix());
  EXPECT_FALSE(Regex("a.*b").prefix());
  const ValueMatcher matcher = Regex("host-[12]x.*y");
  EXPECT_TRUE(matcher.range().first.starts_with("host-1x"));
  EXPECT_LT(matcher.range().last, "host-3");
}

TEST(ValueMatcher, MatchesTheWholeValueAsRe2Does) {
  const std::vector<std::string> values = {"",      "a",    "b",   "ab",   "abc", "ABC", "b\nc",
                                           "größe", "日本", "a|b", "10.0", "1x",  "a{2", "host-1",
                                           "host-", "aa",   "aaa", "(a",   "Qa"};
  for (const char* pattern : {"a|b",
                              "(a|b)",
                              "a.*",
                              "a.+",
                              ".*",
                              ".+",
                              "",
                              "|",
                              "a|",
                              "(?i)abc",
                              "(?i:a)bc",
                              ".*b.*",
                              "b.c",
                              "[a-b]+",
                              "gr.*",
                              "日.",
                              ".{2}",
                              R"(a\|b)",
                              R"(10\.0)",
                              "10.0",
                              R"(\d\w)",
                              "a{2}",
                              "a{2",
                              "^a$",
                              "^a|b$",
                              "a|^b",
                              "(a)|(b)",
                              "(a)(b)",
                              "host-(1|2)",
                              "host-(1|2)?",
                              R"(\Qa|b)",
                              R"(\Q(a\E)",
                              "(|a)b?",
                              "((a|b))",
                              "(?P<n>a)+",
                              "[^a].*",
                              R"(\x{65e5}.*)",
                              R"(\(a)",
                              "(?s:.*)",
                              "(?-s).*",
                              "a??",
                              "(?i)GRÖSSE|ab",
                              R"(\pL+)"}) {
    const ValueMatcher matcher = Regex(pattern);
    re2::RE2::Options options;
    options.set_dot_nl(true);
    const re2::RE2 regex(pattern, options);
    for (const std::string& value : values) {
      EXPECT_EQ(matcher.Accepts(value), re2::RE2::FullMatch(value, regex)) << pattern << " on " << value;
      if (!matcher.Accepts(value)) continue;
      EXPECT_GE(value, matcher.range().first) << pattern;
      if (matcher.range().last) EXPECT_LE(value, *matcher.range().last) << pattern;
    }
  }
}

TEST(ValueMatcher, NamesTheExpressionThatItRefuses) {
  for (const char* pattern : {"(a", "a)", "*", "a**", "[b", R"(a\)", R"((a\))", "a)(b", "(?<a", "a{1001}", R"(\8)"}) {
    const auto made = ValueMatcher::Compile({"job", Matcher::Kind::kNotRegex, pattern});
    ASSERT_FALSE(made.has_value()) << pattern;
    EXPECT_EQ(made.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(made.error().reason, "query.bad_regex");
    EXPECT_THAT(made.error().message, HasSubstr("label 'job'"));
    EXPECT_THAT(made.error().message, HasSubstr(pattern));
  }
  const auto made = ValueMatcher::Compile({"job", Matcher::Kind::kRegex, "a\xff"});
  ASSERT_FALSE(made.has_value());
  EXPECT_THAT(made.error().message, HasSubstr("not UTF-8"));
}

TEST(ValueMatcher, RefusesExpressionsThatWouldTakeTheMemory) {
  EXPECT_FALSE(ValueMatcher::Compile({"job", Matcher::Kind::kRegex, R"(((\pL{100}){100}){100})"}).has_value());
}

}  // namespace
}  // namespace helios::tsdb
