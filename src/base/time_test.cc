// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

#include <gtest/gtest.h>

namespace helios {
namespace {

TEST(ParseRfc3339, ReadsUtcOffsetsAndFractions) {
  // 1767441600 is `date -ud 2026-01-03T12:00:00Z +%s`.
  EXPECT_EQ(ToUnixMs(ParseRfc3339("2026-01-03T12:00:00Z").value()), 1'767'441'600'000);
  EXPECT_EQ(ToUnixMs(ParseRfc3339("2026-01-03T12:00:00.25Z").value()), 1'767'441'600'250);
  EXPECT_EQ(ToUnixMs(ParseRfc3339("2026-01-03t14:30:00.123456789+02:30").value()), 1'767'441'600'123);
  EXPECT_EQ(ToUnixMs(ParseRfc3339("2026-01-03 07:00:00-05:00").value()), 1'767'441'600'000);
  EXPECT_EQ(ToUnixMs(ParseRfc3339("1970-01-01T00:00:00Z").value()), 0);
}

TEST(ParseRfc3339, RefusesWhatIsNotATime) {
  for (const char* text :
       {"", "2026", "2026-01-03", "2026-01-03T12:00:00", "2026-13-03T12:00:00Z", "2026-02-29T12:00:00Z",
        "2026-01-03T24:00:00Z", "2026-01-03T12:60:00Z", "2026-01-03T12:00:00.Z", "2026-01-03T12:00:00Zjunk",
        "1969-12-31T23:59:59Z", "2026-01-03T12:00:00+2:00", "١٢٣٤-01-03T12:00:00Z"}) {
    const auto parsed = ParseRfc3339(text);
    ASSERT_FALSE(parsed.has_value()) << text;
    EXPECT_EQ(parsed.error().reason, "time.not_rfc3339");
  }
}

TEST(FormatRfc3339, WritesMillisecondsOnlyWhereThereAreSome) {
  EXPECT_EQ(FormatRfc3339(FromUnixMs(1'767'441'600'000)), "2026-01-03T12:00:00Z");
  EXPECT_EQ(FormatRfc3339(FromUnixMs(1'767'441'600'007)), "2026-01-03T12:00:00.007Z");
}

}  // namespace
}  // namespace helios
