// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/permission.h"

namespace helios::tenancy {

std::string_view PermissionName(Permission permission) {
  switch (permission) {
    case Permission::kDataRead: return "data.read";
    case Permission::kDataWrite: return "data.write";
    case Permission::kDataImport: return "data.import";
    case Permission::kTrain: return "models.train";
    case Permission::kAnomaliesWrite: return "anomalies.write";
    case Permission::kAlertingWrite: return "alerting.write";
    case Permission::kScalingWrite: return "scaling.write";
    case Permission::kDashboardsWrite: return "dashboards.write";
    case Permission::kUsersManage: return "users.manage";
    case Permission::kKeysManage: return "keys.manage";
    case Permission::kOrganizationManage: return "organization.manage";
    case Permission::kOrganizationDelete: return "organization.delete";
    case Permission::kAuditRead: return "audit.read";
    case Permission::kCount: break;
  }
  return "unknown";
}

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kViewer: return "viewer";
    case Role::kMember: return "member";
    case Role::kAdmin: return "admin";
    case Role::kOwner: return "owner";
  }
  return "viewer";
}

std::optional<Role> ParseRole(std::string_view name) {
  for (const Role role : {Role::kViewer, Role::kMember, Role::kAdmin, Role::kOwner}) {
    if (name == RoleName(role)) return role;
  }
  return std::nullopt;
}

PermissionSet PermissionsOf(Role role) {
  PermissionSet permissions{Permission::kDataRead};
  if (role >= Role::kMember) permissions.Add({Permission::kDashboardsWrite, Permission::kAnomaliesWrite});
  if (role >= Role::kAdmin) {
    permissions.Add({Permission::kDataWrite, Permission::kDataImport, Permission::kTrain, Permission::kAlertingWrite,
                     Permission::kScalingWrite, Permission::kUsersManage, Permission::kKeysManage,
                     Permission::kOrganizationManage, Permission::kAuditRead});
  }
  if (role >= Role::kOwner) permissions.Add({Permission::kOrganizationDelete});
  return permissions;
}

std::optional<PermissionSet> PermissionsOfScope(std::string_view scope) {
  if (scope == "read") return PermissionSet{Permission::kDataRead};
  if (scope == "write") {
    return PermissionSet{Permission::kDataWrite,      Permission::kDataImport,    Permission::kTrain,
                         Permission::kAnomaliesWrite, Permission::kAlertingWrite, Permission::kScalingWrite,
                         Permission::kDashboardsWrite};
  }
  if (scope == "admin") {
    return PermissionSet{Permission::kUsersManage, Permission::kKeysManage, Permission::kOrganizationManage,
                         Permission::kAuditRead};
  }
  return std::nullopt;
}

std::string_view ScopeFor(Permission permission) {
  for (const std::string_view scope : {"read", "write", "admin"}) {
    if (PermissionsOfScope(scope)->Has(permission)) return scope;
  }
  return {};
}

}  // namespace helios::tenancy
