// SPDX-License-Identifier: Apache-2.0
#include "base/base64.h"

#include <gtest/gtest.h>

namespace helios {
namespace {

TEST(FromBase64, ReadsTheStandardsVectors) {  // RFC 4648, section 10
  EXPECT_EQ(FromBase64(""), "");
  EXPECT_EQ(FromBase64("Zg=="), "f");
  EXPECT_EQ(FromBase64("Zm8="), "fo");
  EXPECT_EQ(FromBase64("Zm9v"), "foo");
  EXPECT_EQ(FromBase64("Zm9vYmE="), "fooba");
  EXPECT_EQ(FromBase64("Zm9vYmFy"), "foobar");
}

TEST(FromBase64, RefusesWhatIsNot) {
  for (const char* text : {"Z", "Zg=", "Zg==Zg==", "Z===", "Zm9v\n", "Zm9-"}) EXPECT_FALSE(FromBase64(text)) << text;
}

TEST(Base64, WritesTheVectorsOfItsStandard) {
  // RFC 4648, section 10.
  EXPECT_EQ(ToBase64(""), "");
  EXPECT_EQ(ToBase64("f"), "Zg==");
  EXPECT_EQ(ToBase64("fo"), "Zm8=");
  EXPECT_EQ(ToBase64("foo"), "Zm9v");
  EXPECT_EQ(ToBase64("foob"), "Zm9vYg==");
  EXPECT_EQ(ToBase64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(ToBase64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace helios
