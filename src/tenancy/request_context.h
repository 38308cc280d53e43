// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"
#include "tenancy/permission.h"
#include "tenancy/plan.h"

namespace helios::tenancy {

/// What a verified credential says: whose it is and what it may do. Shared between requests of the same
/// credential, and never changed.
struct Principal {
  enum class Kind : std::uint8_t { kAnonymous, kApiKey, kSession };

  Kind kind = Kind::kAnonymous;
  Uuid credential_id;  ///< of the API key or the session
  TenantId tenant;
  std::string organization_name;
  std::string organization_slug;
  std::string timezone;
  Plan plan = Plan::kStarter;
  RetentionSettings retention;  ///< the organization's own
  PermissionSet permissions;

  // Of an API key.
  std::string key_name;
  std::vector<std::string> scopes;
  std::optional<TimestampMs> expires_at;

  // Of a session.
  UserId user;
  std::string user_email;
  std::string user_name;
  Role role = Role::kViewer;
};

/// One request on behalf of one tenant.
struct RequestContext {
  std::shared_ptr<const Principal> principal;
  TenantId tenant;
  std::string request_id;
  TimestampMs now;                                 ///< when the request came
  std::chrono::steady_clock::time_point deadline;  ///< every wait ends here
  std::string peer;                                ///< the client's address

  /// Errors: kPermissionDenied tenancy.missing_scope (a key) or tenancy.role_too_low (a member).
  [[nodiscard]] Result<void> Require(Permission permission) const;
};

}  // namespace helios::tenancy
