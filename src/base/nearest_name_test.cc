// SPDX-License-Identifier: Apache-2.0
#include "base/nearest_name.h"

#include <gtest/gtest.h>

#include <array>

namespace helios {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"listen", "data_dir", "log_level"};

TEST(NearestName, FindsTheLikelyMeaning) {
  EXPECT_EQ(NearestName("lisen", kNames), "listen");
  EXPECT_EQ(NearestName("data-dir", kNames), "data_dir");
  EXPECT_EQ(NearestName("loglevel", kNames), "log_level");
}

TEST(NearestName, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(NearestName("postgres", kNames), "");
  EXPECT_EQ(NearestName("", kNames), "");
}

}  // namespace
}  // namespace helios
