// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "identity/environment.h"
#include "tenancy/cursor.h"
#include "tenancy/route.h"

namespace helios::identity {

/// /api/v1/invitations: for those who invite, and, without a credential, for those who hold a link. Thread-safe.
class InvitationService {
 public:
  /// What they refer to must outlive the service.
  InvitationService(const Environment& environment, const tenancy::CursorCodec& cursors)
      : environment_(environment), cursors_(cursors) {}

  [[nodiscard]] tenancy::Routes MakeRoutes() const;

 private:
  using Context = tenancy::RequestContext;
  using Answer = Result<http::Response>;

  [[nodiscard]] Answer Post(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer List(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer Delete(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostFind(const http::Request& request, const Context& context) const;
  [[nodiscard]] Answer PostAccept(const http::Request& request, const Context& context) const;

  const Environment& environment_;
  const tenancy::CursorCodec& cursors_;
};

}  // namespace helios::identity
