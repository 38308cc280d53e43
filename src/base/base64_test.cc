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

}  // namespace
}  // namespace helios
