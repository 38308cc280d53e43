// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/permission.h"

#include <gtest/gtest.h>

#include "tenancy/request_context.h"

namespace helios::tenancy {
namespace {

TEST(Role, EachMayWhatTheOnesBelowMay) {
  EXPECT_TRUE(PermissionsOf(Role::kOwner).Contains(PermissionsOf(Role::kAdmin)));
  EXPECT_TRUE(PermissionsOf(Role::kAdmin).Contains(PermissionsOf(Role::kMember)));
  EXPECT_TRUE(PermissionsOf(Role::kMember).Contains(PermissionsOf(Role::kViewer)));
  EXPECT_FALSE(PermissionsOf(Role::kAdmin).Has(Permission::kOrganizationDelete));
  EXPECT_FALSE(PermissionsOf(Role::kViewer).Has(Permission::kDashboardsWrite));
  EXPECT_TRUE(PermissionsOf(Role::kAdmin).Has(Permission::kAuditRead));
  EXPECT_FALSE(PermissionsOf(Role::kMember).Has(Permission::kAuditRead));
}

TEST(Scope, NoneDeletesAnOrganization) {
  for (const char* scope : {"read", "write", "admin"}) {
    EXPECT_FALSE(PermissionsOfScope(scope)->Has(Permission::kOrganizationDelete)) << scope;
  }
  EXPECT_FALSE(PermissionsOfScope("delete"));
}

TEST(Require, NamesTheScopeThatIsMissing) {
  Principal key;
  key.kind = Principal::Kind::kApiKey;
  key.key_name = "ci";
  key.scopes = {"read"};
  key.permissions = *PermissionsOfScope("read");
  RequestContext context;
  context.principal = std::make_shared<const Principal>(key);
  EXPECT_TRUE(context.Require(Permission::kDataRead));
  const auto refused = context.Require(Permission::kDataWrite);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, "tenancy.missing_scope");
  EXPECT_NE(refused.error().message.find("want 'write'"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace helios::tenancy
