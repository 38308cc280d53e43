// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"

#include <gtest/gtest.h>

namespace helios {
namespace {

TEST(Uuid, ParsesWhatItPrints) {
  const auto uuid = Uuid::Parse("0190163d-8694-739B-aea5-966c26f8ad91");
  ASSERT_TRUE(uuid);
  EXPECT_EQ(uuid->ToString(), "0190163d-8694-739b-aea5-966c26f8ad91");
}

TEST(Uuid, RefusesOtherForms) {
  for (const char* text : {"", "0190163d8694739baea5966c26f8ad91", "{0190163d-8694-739b-aea5-966c26f8ad91}",
                           "0190163d-8694-739b-aea5-966c26f8ad9g", "0190163d-8694-739b-aea5_966c26f8ad91"}) {
    EXPECT_FALSE(Uuid::Parse(text)) << text;
  }
}

TEST(Uuid, VersionSevenSortsByTime) {
  SystemRandom random;
  const Uuid earlier = Uuid::V7(FromUnixMs(1'767'441'600'000), random);
  const Uuid later = Uuid::V7(FromUnixMs(1'767'441'600'001), random);
  EXPECT_LT(earlier, later);
  EXPECT_EQ(earlier.ToString()[14], '7');
  EXPECT_NE(std::string("89ab").find(earlier.ToString()[19]), std::string::npos);
}

}  // namespace
}  // namespace helios
