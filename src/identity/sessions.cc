// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/sessions.h"

#include <algorithm>
#include <vector>

#include "crypto/password.h"
#include "crypto/token.h"
#include "identity/credentials.h"
#include "identity/fields.h"
#include "identity/sql.h"

namespace helios::identity {
namespace {

/// An account that the password fits.
struct Login {
  UserId user;
  TenantId tenant;
  std::string slug;
  std::string organization_name;
  tenancy::Role role = tenancy::Role::kViewer;
  bool active = false;
};

/// More accounts than this of one address are not tried, so that one request cannot cost minutes.
constexpr std::size_t kMaxAccounts = 8;

Result<std::vector<Login>> FittingLogins(const Environment& environment, const SignInRequest& request,
                                         pg::Deadline deadline) {
  HELIOS_TRY(auto lookup, environment.database.BeginWithoutTenant(deadline));
  HELIOS_TRY(const auto rows, lookup.Execute(sql::kFindLogins, {request.email, request.organization}));
  HELIOS_CHECK(lookup.Commit());
  std::vector<Login> fitting;
  for (std::size_t i = 0; i < std::min(rows.size(), kMaxAccounts); ++i) {
    const auto row = rows[i];
    const auto hash = row.Get<std::optional<std::string>>("password_hash").value_or("");
    if (!crypto::VerifyPassword(request.password, hash)) continue;
    fitting.push_back({.user = row.Get<UserId>("user_id"),
                       .tenant = row.Get<TenantId>("org_id"),
                       .slug = row.Get<std::string>("slug"),
                       .organization_name = row.Get<std::string>("org_name"),
                       .role = tenancy::ParseRole(row.Get<std::string>("role")).value_or(tenancy::Role::kViewer),
                       .active = row.Get<std::string>("org_status") == "active"});
  }
  if (rows.empty()) static_cast<void>(crypto::VerifyPassword(request.password, ""));
  return fitting;
}

Result<Login> ChooseLogin(const Environment& environment, const SignInRequest& request, pg::Deadline deadline) {
  HELIOS_TRY(const std::vector<Login> fitting, FittingLogins(environment, request, deadline));
  if (fitting.empty()) {
    return Fail(ErrorCode::kUnauthenticated, "identity.bad_credentials",
                "cannot sign in: the e-mail address, the password or the organization is wrong");
  }
  if (fitting.size() > 1) {
    std::vector<std::string_view> slugs;
    slugs.reserve(fitting.size());
    for (const Login& login : fitting) slugs.push_back(login.slug);
    return Fail(ErrorCode::kConflict, "identity.several_organizations",
                "cannot sign in: you belong to several organizations; name one of {}", fmt::join(slugs, ", "));
  }
  if (!fitting.front().active) {
    return Fail(ErrorCode::kPermissionDenied, "identity.organization_suspended",
                "cannot sign in to {}: the organization is suspended", fitting.front().slug);
  }
  return fitting.front();
}

}  // namespace

Result<SignedIn> SignIn(const Environment& environment, const SignInRequest& request, const std::string& request_id,
                        pg::Deadline deadline) {
  HELIOS_TRY(const Login login, ChooseLogin(environment, request, deadline));
  const TimestampMs now = environment.clock.Now();
  const Uuid session = Uuid::V7(now, environment.random);
  SignedIn signed_in{.user = {.id = login.user,
                              .email = request.email,
                              .name = {},
                              .role = login.role,
                              .last_login_at = now,
                              .created_at = {}},
                     .tenant = login.tenant,
                     .organization_slug = login.slug,
                     .organization_name = login.organization_name,
                     .token = crypto::MakeToken(environment.random),
                     .expires_at = now + kSessionLife};

  HELIOS_TRY(auto tx, environment.database.Begin(login.tenant, deadline));
  const std::string hash = environment.credentials.HashSessionToken(signed_in.token).hex;
  HELIOS_CHECK(tx.Execute(sql::kInsertSession, {tx.tenant(), session, login.user, hash, now, signed_in.expires_at}));
  HELIOS_CHECK(tx.Execute(sql::kTouchLogin, {tx.tenant(), login.user, now}));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kFindUser, {tx.tenant(), login.user}));
  if (!rows.empty()) {
    signed_in.user.email = rows.front().Get<std::string>("email");
    signed_in.user.name = rows.front().Get<std::optional<std::string>>("name").value_or("");
    signed_in.user.created_at = rows.front().Get<TimestampMs>("created_at");
  }
  tenancy::Principal principal;
  principal.kind = tenancy::Principal::Kind::kSession;
  principal.user = login.user;
  tenancy::RequestContext context;
  context.principal = std::make_shared<const tenancy::Principal>(principal);
  context.tenant = login.tenant;
  context.request_id = request_id;
  context.now = now;
  HELIOS_CHECK(environment.audit.Record(tx, context, "session.create", session));
  HELIOS_CHECK(tx.Commit());
  return signed_in;
}

Result<void> SignOut(const Environment& environment, const tenancy::RequestContext& context) {
  if (context.principal->kind != tenancy::Principal::Kind::kSession) {
    return Fail(ErrorCode::kFailedPrecondition, "identity.no_session",
                "cannot sign out: the request came with an API key, not a session; revoke the key instead");
  }
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_CHECK(tx.Execute(sql::kDeleteSession, {tx.tenant(), context.principal->credential_id}));
  HELIOS_CHECK(environment.audit.Record(tx, context, "session.delete", context.principal->credential_id));
  HELIOS_CHECK(tx.Commit());
  environment.credentials.Forget(context.tenant);
  return {};
}

std::optional<std::string_view> SessionToken(const http::Request& request) {
  std::string_view rest = request.headers.Find("Cookie").value_or("");
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(';'), rest.size());
    std::string_view pair = rest.substr(0, end);
    while (pair.starts_with(' ')) pair.remove_prefix(1);
    if (pair.starts_with(kSessionCookie) && pair.substr(kSessionCookie.size()).starts_with('=')) {
      return pair.substr(kSessionCookie.size() + 1);
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

std::string SetSessionCookie(std::string_view token, std::chrono::seconds life) {
  return fmt::format("{}={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={}", kSessionCookie, token, life.count());
}

}  // namespace helios::identity
