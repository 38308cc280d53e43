// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "pg/uuid_list.h"

#include <gtest/gtest.h>

namespace helios::pg {
namespace {

TEST(ParseUuidList, TakesIdsApartAndLeavesOutWhatIsNone) {
  const std::string one = "0190163d-8694-739b-aea5-966c26f8ad91";
  const std::string two = "0190163d-8694-739b-aea5-966c26f8ad92";
  EXPECT_TRUE(ParseUuidList("").empty());
  const auto ids = ParseUuidList(one + " none " + two);
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids[0].ToString(), one);
  EXPECT_EQ(ids[1].ToString(), two);
}

}  // namespace
}  // namespace helios::pg
