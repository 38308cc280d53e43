// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/plan.h"

#include <gtest/gtest.h>

namespace helios::tenancy {
namespace {

using std::chrono::days;

TEST(RetentionOf, IsThePlansWhereNothingIsSet) {
  EXPECT_EQ(RetentionOf(Plan::kStarter, {}), (Retention{.raw = days{7}, .rollups = days{90}}));
  EXPECT_EQ(RetentionOf(Plan::kEnterprise, {}), (Retention{.raw = days{90}, .rollups = days{800}}));
}

TEST(RetentionOf, IsWhatIsSetWithinThePlan) {
  EXPECT_EQ(RetentionOf(Plan::kEnterprise, {.raw = days{400}, .rollups = days{3650}}),
            (Retention{.raw = days{400}, .rollups = days{3650}}));
  // Set with enterprise, before the plan became a smaller one.
  EXPECT_EQ(RetentionOf(Plan::kProfessional, {.raw = days{400}, .rollups = days{3650}}),
            (Retention{.raw = days{30}, .rollups = days{400}}));
  EXPECT_EQ(RetentionOf(Plan::kStarter, {.raw = days{0}, .rollups = days{90}}),
            (Retention{.raw = days{1}, .rollups = days{90}}));
}

TEST(RetentionOf, KeepsRollupsAsLongAsSamples) {
  EXPECT_EQ(RetentionOf(Plan::kEnterprise, {.raw = days{100}, .rollups = days{10}}),
            (Retention{.raw = days{100}, .rollups = days{100}}));
  EXPECT_EQ(RetentionOf(Plan::kEnterprise, {.raw = days{1000}, .rollups = {}}),
            (Retention{.raw = days{1000}, .rollups = days{1000}}));
}

}  // namespace
}  // namespace helios::tenancy
