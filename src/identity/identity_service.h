// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "identity/environment.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"

namespace helios::identity {

/// The tenant service's routes: organizations, users, sessions, API keys and GET /me. Thread-safe.
class IdentityService {
 public:
  /// What they refer to must outlive the service.
  IdentityService(const Environment& environment, const tenancy::CursorCodec& cursors)
      : environment_(environment), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  using Context = tenancy::RequestContext;
  using Answer = Result<http::Response>;

  [[nodiscard]] Answer PostOrganization(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetOrganizationById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PatchOrganization(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer DeleteOrganizationById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostUser(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetUsers(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetUserById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PatchUser(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer DeleteUserById(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostSession(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer DeleteCurrentSession(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostApiKey(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer GetApiKeys(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer DeleteApiKey(const http::Request& request, const Context& context) const;

  const Environment& environment_;
  const tenancy::CursorCodec& cursors_;
};

/// The answer to GET /me.
[[nodiscard]] http::Response RenderMe(const tenancy::Principal& principal);

}  // namespace helios::identity
