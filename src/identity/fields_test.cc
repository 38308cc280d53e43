// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/fields.h"

#include <gtest/gtest.h>

namespace helios::identity {
namespace {

TEST(SlugOf, KeepsLettersAndDigits) {
  EXPECT_EQ(SlugOf("Acme Inc."), "acme-inc");
  EXPECT_EQ(SlugOf("  --A1  b2--  "), "a1-b2");
  EXPECT_EQ(SlugOf("株式会社"), "org");
  EXPECT_TRUE(CheckSlug(SlugOf(std::string(500, 'x'))));
}

TEST(CheckSlug, RefusesWhatWouldNotFitAnAddress) {
  for (const char* slug : {"", "a", "-ab", "ab-", "Ab", "a b", "a/b"}) EXPECT_FALSE(CheckSlug(slug)) << slug;
  EXPECT_TRUE(CheckSlug("acme-2"));
}

TEST(NormalizeEmail, LowersAndRefuses) {
  EXPECT_EQ(NormalizeEmail("Ada@Example.ORG").value(), "ada@example.org");
  for (const char* email : {"", "ada", "@x", "ada@", "a b@x", "a\n@x"}) EXPECT_FALSE(NormalizeEmail(email)) << email;
}

TEST(CheckTimezone, KnowsTheSystemsZones) {
  EXPECT_TRUE(CheckTimezone("UTC"));
  for (const char* zone : {"", "Mars/Olympus", "../../etc/passwd", "/etc/passwd"})
    EXPECT_FALSE(CheckTimezone(zone)) << zone;
}

TEST(CheckPassword, WantsTenBytes) {
  EXPECT_FALSE(CheckPassword("123456789"));
  EXPECT_TRUE(CheckPassword("1234567890"));
  EXPECT_FALSE(CheckPassword(std::string(257, 'x')));
}

}  // namespace
}  // namespace helios::identity
