// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "objects/object_key.h"

#include <gtest/gtest.h>

namespace helios::objects {
namespace {

TEST(ObjectKey, TakesPartsOfPlainCharacters) {
  for (const char* key : {"a", "cpu/v3", "http%3Arequests_total/v12", "..a/b..", "A-b_c.d/e"}) {
    const auto parsed = ObjectKey::Parse(key);
    ASSERT_TRUE(parsed) << key;
    EXPECT_EQ(parsed->text(), key);
  }
}

TEST(ObjectKey, RefusesWhatLeadsElsewhereOrCannotBeAName) {
  const std::string long_part(201, 'a');
  std::string long_key = "a";
  for (int i = 0; i < 400; ++i) long_key += "/a";
  for (const std::string& key : {std::string(), std::string("/"), std::string("/etc/passwd"), std::string("a//b"),
                                 std::string("a/"), std::string("../b"), std::string("a/../../b"), std::string("."),
                                 std::string("a/./b"), std::string("a b"), std::string("a\\b"), std::string("a~sealed"),
                                 std::string("a\0b", 3), std::string("\xC3\xA9"), long_part, long_key}) {
    const auto parsed = ObjectKey::Parse(key);
    ASSERT_FALSE(parsed) << key;
    EXPECT_EQ(parsed.error().reason, "objects.bad_key");
  }
}

TEST(EncodePart, MakesAnyTextAPart) {
  EXPECT_EQ(EncodePart("cpu"), "cpu");
  EXPECT_EQ(EncodePart("http:requests/total 5%"), "http%3Arequests%2Ftotal%205%25");
  EXPECT_EQ(EncodePart(".."), "%2E.");
  EXPECT_EQ(EncodePart(""), "%");
  EXPECT_EQ(EncodePart("\xC3\xA9"), "%C3%A9");
}

TEST(EncodePart, CutsLongTextsWithoutMakingTwoTheSame) {
  const std::string one(255, 'a');
  const std::string other = one.substr(1) + "b";
  for (const std::string& text : {one, other, std::string(255, '/')}) {
    const std::string part = EncodePart(text);
    EXPECT_EQ(part.size(), 200U);
    EXPECT_TRUE(ObjectKey::Parse(part));
  }
  EXPECT_NE(EncodePart(one), EncodePart(other));
  EXPECT_EQ(EncodePart(std::string(200, 'a')), std::string(200, 'a'));
}

}  // namespace
}  // namespace helios::objects
