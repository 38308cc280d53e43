// SPDX-License-Identifier: Apache-2.0
#include "obs/log.h"

#include <gtest/gtest.h>

namespace helios::obs {
namespace {

std::string Escaped(std::string_view text) {
  std::string out;
  AppendJsonEscaped(out, text);
  return out;
}

TEST(AppendJsonEscaped, KeepsTextAndEscapesWhatJsonForbids) {
  EXPECT_EQ(Escaped("plain"), "plain");
  EXPECT_EQ(Escaped("a\"b\\c\nd"), "a\\\"b\\\\c\\u000ad");
  EXPECT_EQ(Escaped("größe 🚀"), "größe 🚀");
}

TEST(AppendJsonEscaped, ReplacesBytesThatAreNotUtf8) {
  EXPECT_EQ(Escaped("a\xff"
                    "b"),
            "a\xef\xbf\xbd"
            "b");
  EXPECT_EQ(Escaped("\xc0\xaf"), "\xef\xbf\xbd\xef\xbf\xbd");       // overlong
  EXPECT_EQ(Escaped("\xed\xa0\x80").substr(0, 3), "\xef\xbf\xbd");  // surrogate
}

TEST(ParseLogLevel, NamesTheLevelsItKnows) {
  EXPECT_EQ(ParseLogLevel("warning").value(), LogLevel::kWarning);
  EXPECT_EQ(ParseLogLevel("verbose").error().reason, "obs.bad_log_level");
}

TEST(Log, WritesOneLineOfJson) {
  testing::internal::CaptureStderr();
  LogWarning("test.event", {{"text", "va\"lue"}, {"count", 3}, {"ratio", 0.5}, {"on", true}});
  const std::string line = testing::internal::GetCapturedStderr();
  EXPECT_NE(line.find(R"("level":"warning","event":"test.event","text":"va\"lue","count":3,"ratio":0.5,"on":true})"),
            std::string::npos)
      << line;
  EXPECT_EQ(line.back(), '\n');
}

}  // namespace
}  // namespace helios::obs
