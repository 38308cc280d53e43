// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/users.h"

#include "crypto/password.h"
#include "identity/credentials.h"
#include "identity/fields.h"
#include "identity/sql.h"

namespace helios::identity {
namespace {

using tenancy::Permission;
using tenancy::Role;

User UserOf(const pg::Rows::Row& row) {
  return {.id = row.Get<UserId>("id"),
          .email = row.Get<std::string>("email"),
          .name = row.Get<std::optional<std::string>>("name").value_or(""),
          .role = tenancy::ParseRole(row.Get<std::string>("role")).value_or(Role::kViewer),
          .last_login_at = row.Get<std::optional<TimestampMs>>("last_login_at"),
          .created_at = row.Get<TimestampMs>("created_at")};
}

/// Owners are made, changed and removed by owners alone.
Result<void> CheckMayTouchOwner(const tenancy::RequestContext& context) {
  if (context.principal->permissions.Has(Permission::kOrganizationDelete)) return {};
  return Fail(ErrorCode::kPermissionDenied, "tenancy.role_too_low",
              "cannot change who owns the organization: only an owner can; sign in as one");
}

Result<User> FindUser(pg::TenantTransaction& tx, const Uuid& id) {
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindUser, {tx.tenant(), id}));
  if (rows.empty()) return Fail(ErrorCode::kNotFound, "identity.no_such_user", "cannot find the user {}", id);
  return UserOf(rows.front());
}

/// Owners are locked first, so that two of them cannot remove each other at the same time.
Result<void> CheckOwnerRemains(pg::TenantTransaction& tx, const User& user) {
  if (user.role != Role::kOwner) return {};
  HELIOS_TRY(const auto owners, tx.Execute(sql::kLockOwners, {tx.tenant()}));
  if (owners.size() > 1) return {};
  return Fail(ErrorCode::kFailedPrecondition, "identity.last_owner",
              "cannot take the role owner from {}: an organization needs one; make another member owner first",
              user.id);
}

}  // namespace

Result<User> CreateUser(const Environment& environment, const tenancy::RequestContext& context,
                        const UserRequest& request) {
  HELIOS_CHECK(context.Require(Permission::kUsersManage));
  if (request.role == Role::kOwner) HELIOS_CHECK(CheckMayTouchOwner(context));
  HELIOS_CHECK(CheckName(request.name, "the user's name"));
  HELIOS_TRY(const std::string email, NormalizeEmail(request.email));
  std::optional<std::string> hash;
  if (request.password) {
    HELIOS_CHECK(CheckPassword(*request.password));
    hash = crypto::HashPassword(*request.password, environment.random);
  }
  User user{.id = UserId{Uuid::V7(context.now, environment.random)},
            .email = email,
            .name = request.name,
            .role = request.role,
            .last_login_at = std::nullopt,
            .created_at = context.now};
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  const auto inserted = tx.Execute(
      sql::kInsertUser, {tx.tenant(), user.id, user.email, user.name, tenancy::RoleName(user.role), hash, context.now});
  if (!inserted && inserted.error().reason == "pg.unique_violation") {
    return Fail(ErrorCode::kConflict, "identity.email_taken",
                "cannot add {}: the organization has a member of that address", email);
  }
  HELIOS_CHECK(inserted);
  HELIOS_CHECK(environment.audit.Record(tx, context, "user.create", user.id.value));
  HELIOS_CHECK(tx.Commit());
  return user;
}

Result<std::vector<User>> ListUsers(const Environment& environment, const tenancy::RequestContext& context,
                                    const tenancy::Page& page) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListUsers, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<User> users;
  users.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) users.push_back(UserOf(rows[i]));
  return users;
}

Result<User> GetUser(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  return FindUser(tx, id);
}

Result<User> ChangeUser(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id,
                        const UserChange& change) {
  const bool self = context.principal->user.value == id;
  if (!self || change.role) HELIOS_CHECK(context.Require(Permission::kUsersManage));
  if (change.name) HELIOS_CHECK(CheckName(*change.name, "the user's name"));
  std::optional<std::string> hash;
  if (change.password) {
    HELIOS_CHECK(CheckPassword(*change.password));
    hash = crypto::HashPassword(*change.password, environment.random);
  }
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const User before, FindUser(tx, id));
  if (change.role == Role::kOwner || (!self && before.role == Role::kOwner)) HELIOS_CHECK(CheckMayTouchOwner(context));
  if (change.role && *change.role != Role::kOwner) HELIOS_CHECK(CheckOwnerRemains(tx, before));

  std::optional<std::string_view> role;
  if (change.role) role = tenancy::RoleName(*change.role);
  HELIOS_TRY(const auto rows, tx.Execute(sql::kUpdateUser, {tx.tenant(), id, change.name, role, hash}));
  if ((change.role && *change.role != before.role) || hash) {
    HELIOS_CHECK(tx.Execute(sql::kDeleteSessionsOfUser, {tx.tenant(), id}));
  }
  HELIOS_CHECK(environment.audit.Record(tx, context, "user.update", id));
  HELIOS_CHECK(tx.Commit());
  environment.credentials.Forget(context.tenant);
  return UserOf(rows.front());
}

Result<void> DeleteUser(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_CHECK(context.Require(Permission::kUsersManage));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const User user, FindUser(tx, id));
  if (user.role == Role::kOwner) HELIOS_CHECK(CheckMayTouchOwner(context));
  HELIOS_CHECK(CheckOwnerRemains(tx, user));
  HELIOS_CHECK(tx.Execute(sql::kDeleteUser, {tx.tenant(), id}));
  HELIOS_CHECK(environment.audit.Record(tx, context, "user.delete", id));
  HELIOS_CHECK(tx.Commit());
  environment.credentials.Forget(context.tenant);
  return {};
}

}  // namespace helios::identity
