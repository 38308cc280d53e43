// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/invitations.h"

#include <memory>

#include "crypto/password.h"
#include "crypto/token.h"
#include "identity/credentials.h"
#include "identity/fields.h"
#include "identity/sql.h"

namespace helios::identity {
namespace {

using tenancy::Permission;
using tenancy::Role;

Role RoleOf(const pg::Rows::Row& row) {
  return tenancy::ParseRole(row.Get<std::string>("role")).value_or(Role::kViewer);
}

std::unexpected<Error> EmailTaken(const std::string& email) {
  return Fail(ErrorCode::kConflict, "identity.email_taken",
              "cannot add {}: the organization has a member of that address", email);
}

std::unexpected<Error> NotOpen() {
  return Fail(ErrorCode::kNotFound, "identity.no_such_invitation",
              "cannot find the invitation: the link is wrong, used already or withdrawn; ask for a new one");
}

/// On behalf of the member who has just joined.
tenancy::RequestContext ContextOf(const InvitationOffer& offer, UserId user, const std::string& request_id,
                                  TimestampMs now) {
  tenancy::Principal principal;
  principal.kind = tenancy::Principal::Kind::kSession;
  principal.user = user;
  tenancy::RequestContext context;
  context.principal = std::make_shared<const tenancy::Principal>(principal);
  context.tenant = offer.tenant;
  context.request_id = request_id;
  context.now = now;
  return context;
}

}  // namespace

Result<NewInvitation> CreateInvitation(const Environment& environment, const tenancy::RequestContext& context,
                                       const std::string& email, Role role) {
  HELIOS_CHECK(context.Require(Permission::kUsersManage));
  if (role == Role::kOwner) HELIOS_CHECK(context.Require(Permission::kOrganizationDelete));
  HELIOS_TRY(const std::string address, NormalizeEmail(email));
  NewInvitation made{.invitation = {.id = Uuid::V7(context.now, environment.random),
                                    .email = address,
                                    .role = role,
                                    .created_by = tenancy::ActorOf(*context.principal).id,
                                    .created_at = context.now,
                                    .expires_at = context.now + kInvitationLife},
                     .token = crypto::MakeToken(environment.random)};
  const Invitation& invitation = made.invitation;
  const std::string hash = environment.credentials.HashSessionToken(made.token).hex;
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(tx.Execute(sql::kLockOrganization, {tx.tenant()}));
  HELIOS_TRY(const auto members, tx.Execute(sql::kFindMember, {tx.tenant(), address}));
  if (!members.empty()) return EmailTaken(address);
  HELIOS_CHECK(tx.Execute(sql::kRevokeInvitationsOfEmail, {tx.tenant(), address, context.now}));
  HELIOS_TRY(const auto inserted,
             tx.Execute(sql::kInsertInvitation,
                        {tx.tenant(), invitation.id, address, tenancy::RoleName(role), hash, invitation.created_by,
                         invitation.created_at, invitation.expires_at, kMostInvitations}));
  if (inserted.empty()) {
    return Fail(ErrorCode::kQuotaExceeded, "identity.invitation_limit",
                "cannot invite {}: {} invitations are open, as many as an organization may have; withdraw one", address,
                kMostInvitations);
  }
  HELIOS_CHECK(environment.audit.Record(tx, context, "invitation.create", invitation.id));
  HELIOS_CHECK(tx.Commit());
  return made;
}

Result<std::vector<Invitation>> ListInvitations(const Environment& environment, const tenancy::RequestContext& context,
                                                const tenancy::Page& page) {
  HELIOS_CHECK(context.Require(Permission::kUsersManage));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListInvitations, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<Invitation> invitations;
  invitations.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    invitations.push_back({.id = rows[i].Get<Uuid>("id"),
                           .email = rows[i].Get<std::string>("email"),
                           .role = RoleOf(rows[i]),
                           .created_by = rows[i].Get<Uuid>("created_by"),
                           .created_at = rows[i].Get<TimestampMs>("created_at"),
                           .expires_at = rows[i].Get<TimestampMs>("expires_at")});
  }
  return invitations;
}

Result<void> RevokeInvitation(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_CHECK(context.Require(Permission::kUsersManage));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kRevokeInvitation, {tx.tenant(), id, context.now}));
  if (rows.empty()) {
    return Fail(ErrorCode::kNotFound, "identity.no_such_invitation", "cannot find the open invitation {}", id);
  }
  HELIOS_CHECK(environment.audit.Record(tx, context, "invitation.revoke", id));
  return tx.Commit();
}

Result<InvitationOffer> FindInvitation(const Environment& environment, const std::string& token,
                                       pg::Deadline deadline) {
  HELIOS_TRY(auto lookup, environment.database.BeginWithoutTenant(deadline));
  HELIOS_TRY(const auto rows,
             lookup.Execute(sql::kFindInvitation, {environment.credentials.HashSessionToken(token).hex}));
  HELIOS_CHECK(lookup.Commit());
  if (rows.empty()) return NotOpen();
  const auto row = rows.front();
  InvitationOffer offer{.tenant = row.Get<TenantId>("org_id"),
                        .id = row.Get<Uuid>("invitation_id"),
                        .email = row.Get<std::string>("email"),
                        .role = RoleOf(row),
                        .organization_name = row.Get<std::string>("org_name"),
                        .organization_slug = row.Get<std::string>("slug"),
                        .expires_at = row.Get<TimestampMs>("expires_at")};
  if (offer.expires_at <= environment.clock.Now()) {
    return Fail(ErrorCode::kFailedPrecondition, "identity.invitation_expired",
                "cannot join {}: the invitation ended at {}; ask for a new one", offer.organization_name,
                FormatRfc3339(offer.expires_at));
  }
  if (row.Get<std::string>("org_status") != "active") {
    return Fail(ErrorCode::kPermissionDenied, "identity.organization_suspended",
                "cannot join {}: the organization is suspended", offer.organization_name);
  }
  return offer;
}

Result<SignedIn> AcceptInvitation(const Environment& environment, const Acceptance& acceptance,
                                  const std::string& request_id, pg::Deadline deadline) {
  HELIOS_TRY(const InvitationOffer offer, FindInvitation(environment, acceptance.token, deadline));
  HELIOS_CHECK(CheckName(acceptance.name, "the user's name"));
  HELIOS_CHECK(CheckPassword(acceptance.password));
  const std::string password = crypto::HashPassword(acceptance.password, environment.random);
  const TimestampMs now = environment.clock.Now();
  const UserId user{Uuid::V7(now, environment.random)};
  const Uuid session = Uuid::V7(now, environment.random);
  SignedIn signed_in{.user = {.id = user,
                              .email = offer.email,
                              .name = acceptance.name,
                              .role = offer.role,
                              .last_login_at = now,
                              .created_at = now},
                     .tenant = offer.tenant,
                     .organization_slug = offer.organization_slug,
                     .organization_name = offer.organization_name,
                     .token = crypto::MakeToken(environment.random),
                     .expires_at = now + kSessionLife};
  const std::string session_hash = environment.credentials.HashSessionToken(signed_in.token).hex;

  HELIOS_TRY(auto tx, environment.database.Begin(offer.tenant, deadline));
  HELIOS_TRY(const auto accepted, tx.Execute(sql::kAcceptInvitation, {tx.tenant(), offer.id, now}));
  if (accepted.empty()) return NotOpen();
  const auto inserted = tx.Execute(sql::kInsertUser, {tx.tenant(), user, offer.email, acceptance.name,
                                                      tenancy::RoleName(offer.role), password, now});
  if (!inserted && inserted.error().reason == "pg.unique_violation") return EmailTaken(offer.email);
  HELIOS_CHECK(inserted);
  HELIOS_CHECK(tx.Execute(sql::kInsertSession, {tx.tenant(), session, user, session_hash, now, signed_in.expires_at}));
  HELIOS_CHECK(tx.Execute(sql::kTouchLogin, {tx.tenant(), user, now}));
  const tenancy::RequestContext context = ContextOf(offer, user, request_id, now);
  HELIOS_CHECK(environment.audit.Record(tx, context, "invitation.accept", offer.id));
  HELIOS_CHECK(environment.audit.Record(tx, context, "session.create", session));
  HELIOS_CHECK(tx.Commit());
  return signed_in;
}

}  // namespace helios::identity
