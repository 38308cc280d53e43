// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "tenancy/request_context.h"

namespace helios::tenancy {

Result<void> RequestContext::Require(Permission permission) const {
  if (principal->permissions.Has(permission)) return {};
  if (principal->kind == Principal::Kind::kSession) {
    return Fail(ErrorCode::kPermissionDenied, "tenancy.role_too_low",
                "cannot do this as {}: it needs the permission {}; ask an owner or admin of {}",
                RoleName(principal->role), PermissionName(permission), principal->organization_name);
  }
  const std::string_view scope = ScopeFor(permission);
  if (scope.empty()) {
    return Fail(ErrorCode::kPermissionDenied, "tenancy.missing_scope",
                "cannot do this with an API key: the permission {} belongs to members alone; sign in",
                PermissionName(permission));
  }
  return Fail(ErrorCode::kPermissionDenied, "tenancy.missing_scope",
              "cannot do this with the API key '{}': it has the scopes [{}]; want '{}'", principal->key_name,
              fmt::join(principal->scopes, ", "), scope);
}

}  // namespace helios::tenancy
