// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.h"
#include "identity/environment.h"
#include "identity/users.h"

namespace helios::identity {

/// The cookie of a session. The prefix makes browsers insist on Secure, Path=/ and no Domain.
inline constexpr std::string_view kSessionCookie = "__Host-helios_session";

struct SignInRequest {
  std::string email;
  std::string password;
  std::optional<std::string> organization;  ///< its slug; needed by people who belong to several
};

struct SignedIn {
  User user;
  TenantId tenant;
  std::string organization_slug;
  std::string organization_name;
  std::string token;  ///< for the cookie, shown this once
  TimestampMs expires_at;
};

/// Checks a password and opens a session. An unknown address costs the time of a known one.
/// Errors: kUnauthenticated identity.bad_credentials; kConflict identity.several_organizations, whose
/// message lists their slugs; kPermissionDenied identity.organization_suspended.
[[nodiscard]] Result<SignedIn> SignIn(const Environment& environment, const SignInRequest& request,
                                      const std::string& request_id, pg::Deadline deadline);

/// Ends the session the request came with. Errors: kFailedPrecondition identity.no_session for an API key.
[[nodiscard]] Result<void> SignOut(const Environment& environment, const tenancy::RequestContext& context);

/// The session token of the request's Cookie header, or nullopt.
[[nodiscard]] std::optional<std::string_view> SessionToken(const http::Request& request);

/// Set-Cookie for a session that ends at `expires_at`; an empty token takes the cookie away.
[[nodiscard]] std::string SetSessionCookie(std::string_view token, std::chrono::seconds life);

}  // namespace helios::identity
