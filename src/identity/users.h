// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/environment.h"
#include "tenancy/page.h"

namespace helios::identity {

struct User {
  UserId id;
  std::string email;
  std::string name;
  tenancy::Role role = tenancy::Role::kViewer;
  std::optional<TimestampMs> last_login_at;
  TimestampMs created_at;
};

struct UserRequest {
  std::string email;
  std::string name;
  tenancy::Role role = tenancy::Role::kMember;
  std::optional<std::string> password;  ///< without one, the member signs in through an identity provider
};

/// Adds a member. Errors: kPermissionDenied, also for an owner made by an admin (tenancy.role_too_low);
/// kInvalidArgument identity.bad_…; kConflict identity.email_taken.
[[nodiscard]] Result<User> CreateUser(const Environment& environment, const tenancy::RequestContext& context,
                                      const UserRequest& request);

/// One more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<User>> ListUsers(const Environment& environment,
                                                  const tenancy::RequestContext& context, const tenancy::Page& page);

/// Errors: kNotFound identity.no_such_user.
[[nodiscard]] Result<User> GetUser(const Environment& environment, const tenancy::RequestContext& context,
                                   const Uuid& id);

struct UserChange {
  std::optional<std::string> name;
  std::optional<tenancy::Role> role;
  std::optional<std::string> password;
};

/// A change of role or password ends the member's sessions. Members change their own name and password;
/// the rest needs users.manage, and what touches an owner needs an owner.
/// Errors: kNotFound identity.no_such_user; kPermissionDenied; kFailedPrecondition identity.last_owner.
[[nodiscard]] Result<User> ChangeUser(const Environment& environment, const tenancy::RequestContext& context,
                                      const Uuid& id, const UserChange& change);

/// Errors: as ChangeUser.
[[nodiscard]] Result<void> DeleteUser(const Environment& environment, const tenancy::RequestContext& context,
                                      const Uuid& id);

}  // namespace helios::identity
