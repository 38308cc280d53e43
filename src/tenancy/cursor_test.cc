// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/cursor.h"

#include <gtest/gtest.h>

namespace helios::tenancy {
namespace {

TEST(CursorCodec, IsBoundToTenantAndFilters) {
  const CursorCodec codec({7});
  const TenantId one{*Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad91")};
  const TenantId other{*Uuid::Parse("0190163d-8694-739b-aea5-966c26f8ad92")};
  const std::string cursor = codec.Encode(one, "/series\nmetric=cpu", "100");
  EXPECT_EQ(codec.Decode(one, "/series\nmetric=cpu", cursor).value(), "100");
  EXPECT_EQ(codec.Decode(other, "/series\nmetric=cpu", cursor).error().reason, "http.bad_cursor");
  EXPECT_EQ(codec.Decode(one, "/series\nmetric=mem", cursor).error().reason, "http.bad_cursor");
  EXPECT_FALSE(codec.Decode(one, "/series\nmetric=cpu", cursor.substr(2)));
  EXPECT_FALSE(codec.Decode(one, "/series\nmetric=cpu", ""));
  EXPECT_FALSE(codec.Decode(one, "/series\nmetric=cpu", std::string(5000, '0')));
}

}  // namespace
}  // namespace helios::tenancy
