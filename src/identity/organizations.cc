// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/organizations.h"

#include <array>

#include "base/hex.h"
#include "crypto/password.h"
#include "identity/credentials.h"
#include "identity/fields.h"
#include "identity/sql.h"

namespace helios::identity {
namespace {

constexpr int kSlugAttempts = 4;

Organization OrganizationOf(const pg::Rows::Row& row) {
  return {.id = row.Get<TenantId>("id"),
          .name = row.Get<std::string>("name"),
          .slug = row.Get<std::string>("slug"),
          .plan = row.Get<std::string>("plan"),
          .status = row.Get<std::string>("status"),
          .timezone = row.Get<std::string>("timezone"),
          .settings = row.Get<std::string>("settings"),
          .created_at = row.Get<TimestampMs>("created_at"),
          .updated_at = row.Get<TimestampMs>("updated_at")};
}

std::unexpected<Error> NoSuchOrganization(const Uuid& id) {
  return Fail(ErrorCode::kNotFound, "identity.no_such_organization", "cannot find the organization {}", id);
}

/// A credential stands for one organization; every other one looks absent.
Result<void> CheckOwn(const tenancy::RequestContext& context, const Uuid& id) {
  if (context.tenant.value == id) return {};
  return NoSuchOrganization(id);
}

Result<void> TellListener(const Environment& environment, pg::TenantTransaction& tx, const Organization& organization,
                          TimestampMs now) {
  if (environment.listener == nullptr) return {};
  return environment.listener->Changed(tx, organization.settings, organization.timezone, now);
}

Result<SignedUp> TrySignUp(const Environment& environment, const SignUpRequest& request, const std::string& slug,
                           const std::string& password_hash, const std::string& request_id, pg::Deadline deadline) {
  const TimestampMs now = environment.clock.Now();
  const TenantId tenant{Uuid::V7(now, environment.random)};
  HELIOS_TRY(auto tx, environment.database.Begin(tenant, deadline));
  HELIOS_CHECK(
      tx.Execute(sql::kInsertOrganization, {tenant, request.name, slug, tenancy::PlanName(request.plan), now}));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindOrganization, {tenant}));

  SignedUp made;
  made.organization = OrganizationOf(rows.front());
  made.owner = {.id = UserId{Uuid::V7(now, environment.random)},
                .email = request.owner_email,
                .name = request.owner_name,
                .role = tenancy::Role::kOwner,
                .last_login_at = std::nullopt,
                .created_at = now};
  HELIOS_CHECK(tx.Execute(sql::kInsertUser, {tenant, made.owner.id, made.owner.email, made.owner.name,
                                             tenancy::RoleName(made.owner.role), password_hash, now}));
  HELIOS_TRY(made.api_key,
             InsertApiKey(environment, tx, {.name = "First key", .scopes = {"read", "write"}}, made.owner.id, now));

  tenancy::Principal owner;
  owner.kind = tenancy::Principal::Kind::kSession;
  owner.user = made.owner.id;
  tenancy::RequestContext context;
  context.principal = std::make_shared<const tenancy::Principal>(owner);
  context.tenant = tenant;
  context.request_id = request_id;
  context.now = now;
  HELIOS_CHECK(environment.audit.Record(tx, context, "organization.create", tenant.value));
  HELIOS_CHECK(TellListener(environment, tx, made.organization, now));
  HELIOS_CHECK(tx.Commit());
  return made;
}

}  // namespace

Result<SignedUp> SignUp(const Environment& environment, const SignUpRequest& request, const std::string& request_id,
                        pg::Deadline deadline) {
  SignUpRequest checked = request;
  HELIOS_CHECK(CheckName(checked.name, "the organization's name"));
  HELIOS_CHECK(CheckName(checked.owner_name, "the owner's name"));
  HELIOS_TRY(checked.owner_email, NormalizeEmail(checked.owner_email));
  HELIOS_CHECK(CheckPassword(checked.owner_password));
  if (checked.slug) HELIOS_CHECK(CheckSlug(*checked.slug));
  const std::string password_hash = crypto::HashPassword(checked.owner_password, environment.random);

  std::string slug = checked.slug.value_or(SlugOf(checked.name));
  for (int attempt = 1;; ++attempt) {
    auto made = TrySignUp(environment, checked, slug, password_hash, request_id, deadline);
    if (made || made.error().reason != "pg.unique_violation") return made;
    if (checked.slug || attempt == kSlugAttempts) {
      return Fail(ErrorCode::kConflict, "identity.slug_taken",
                  "cannot create the organization: the slug '{}' is taken; choose another", slug);
    }
    std::array<std::uint8_t, 3> suffix{};
    environment.random.Fill(suffix);
    slug = SlugOf(checked.name) + "-" + ToHex(suffix);
  }
}

Result<Organization> GetOrganization(const Environment& environment, const tenancy::RequestContext& context,
                                     const Uuid& id) {
  HELIOS_CHECK(CheckOwn(context, id));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindOrganization, {tx.tenant()}));
  if (rows.empty()) return NoSuchOrganization(id);
  return OrganizationOf(rows.front());
}

Result<Organization> ChangeOrganization(const Environment& environment, const tenancy::RequestContext& context,
                                        const Uuid& id, const OrganizationChange& change) {
  HELIOS_CHECK(CheckOwn(context, id));
  HELIOS_CHECK(context.Require(tenancy::Permission::kOrganizationManage));
  if (change.name) HELIOS_CHECK(CheckName(*change.name, "the organization's name"));
  if (change.timezone) HELIOS_CHECK(CheckTimezone(*change.timezone));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kUpdateOrganization,
                                         {tx.tenant(), change.name, change.timezone, change.settings, context.now}));
  if (rows.empty()) return NoSuchOrganization(id);
  HELIOS_CHECK(environment.audit.Record(tx, context, "organization.update", id));
  HELIOS_CHECK(TellListener(environment, tx, OrganizationOf(rows.front()), context.now));
  HELIOS_CHECK(tx.Commit());
  environment.credentials.Forget(context.tenant);
  return OrganizationOf(rows.front());
}

Result<void> DeleteOrganization(const Environment& environment, const tenancy::RequestContext& context,
                                const Uuid& id) {
  HELIOS_CHECK(CheckOwn(context, id));
  HELIOS_CHECK(context.Require(tenancy::Permission::kOrganizationDelete));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(tx.Execute(sql::kDeleteOrganization, {tx.tenant(), context.now}));
  HELIOS_CHECK(environment.audit.Record(tx, context, "organization.delete", id));
  HELIOS_CHECK(tx.Commit());
  environment.credentials.Forget(context.tenant);
  return {};
}

}  // namespace helios::identity
