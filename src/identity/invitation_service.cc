// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/invitation_service.h"

#include "http/json.h"
#include "identity/credentials.h"
#include "identity/identity_json.h"
#include "identity/invitations.h"
#include "tenancy/page_answer.h"

namespace helios::identity {
namespace {

using http::Method;
using tenancy::Permission;

constexpr std::size_t kMaxBodyBytes = 64U << 10U;

boost::json::object ToJson(const Invitation& invitation) {
  return {{"id", invitation.id.ToString()},
          {"email", invitation.email},
          {"role", tenancy::RoleName(invitation.role)},
          {"created_by", invitation.created_by.ToString()},
          {"created_at", FormatRfc3339(invitation.created_at)},
          {"expires_at", FormatRfc3339(invitation.expires_at)}};
}

boost::json::object ToJson(const InvitationOffer& offer) {
  return {{"email", offer.email},
          {"role", tenancy::RoleName(offer.role)},
          {"organization", {{"name", offer.organization_name}, {"slug", offer.organization_slug}}},
          {"expires_at", FormatRfc3339(offer.expires_at)}};
}

}  // namespace

tenancy::Routes InvitationService::MakeRoutes() const {
  using Handler = Answer (InvitationService::*)(const http::Request&, const Context&) const;
  const auto route = [this](Method method, std::string pattern, std::string operation,
                            std::optional<Permission> permission, Handler handler) {
    return tenancy::Route{
        .method = method,
        .pattern = std::move(pattern),
        .operation = std::move(operation),
        .permission = permission,
        .rate_class = permission ? tenancy::RateClass::kApi : tenancy::RateClass::kInvitation,
        .max_body_bytes = kMaxBodyBytes,
        .audited = method != Method::kGet,
        .handler = tenancy::BlockingHandler([this, handler](const http::Request& request, const Context& context) {
          return (this->*handler)(request, context);
        })};
  };
  using Self = InvitationService;
  tenancy::Routes routes = {
      route(Method::kPost, "/api/v1/invitations", "createInvitation", Permission::kUsersManage, &Self::Post),
      route(Method::kGet, "/api/v1/invitations", "listInvitations", Permission::kUsersManage, &Self::List),
      route(Method::kDelete, "/api/v1/invitations/{id}", "deleteInvitation", Permission::kUsersManage, &Self::Delete),
      route(Method::kPost, "/api/v1/invitations/find", "findInvitation", std::nullopt, &Self::PostFind),
      route(Method::kPost, "/api/v1/invitations/accept", "acceptInvitation", std::nullopt, &Self::PostAccept),
  };
  routes.front().replay = tenancy::Replay::kSecret;
  return routes;
}

InvitationService::Answer InvitationService::Post(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  const std::string email = reader.String("email");
  tenancy::Role role = tenancy::Role::kMember;
  if (const auto name = reader.OptionalString("role")) {
    if (const auto parsed = tenancy::ParseRole(*name)) {
      role = *parsed;
    } else {
      reader.Reject("role", *name, "owner, admin, member or viewer");
    }
  }
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const NewInvitation made, CreateInvitation(environment_, context, email, role));
  boost::json::object answer = ToJson(made.invitation);
  answer["token"] = made.token;
  return http::Json(201, answer);
}

InvitationService::Answer InvitationService::List(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto invitations, ListInvitations(environment_, context, page));
  return tenancy::PageAnswer(invitations, page, request, context.tenant, cursors_,
                             [](const Invitation& invitation) { return ToJson(invitation); });
}

InvitationService::Answer InvitationService::Delete(const http::Request& request, const Context& context) const {
  const auto id = Uuid::Parse(request.PathParameter("id"));
  if (!id) {
    return Fail(ErrorCode::kNotFound, "http.no_such_resource", "cannot find '{}': it is not an id",
                request.PathParameter("id").substr(0, 64));
  }
  HELIOS_CHECK(RevokeInvitation(environment_, context, *id));
  return http::NoContent();
}

InvitationService::Answer InvitationService::PostFind(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  http::ObjectReader reader(body);
  const std::string token = reader.String("token");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const InvitationOffer offer, FindInvitation(environment_, token, context.deadline));
  return http::Json(200, ToJson(offer));
}

InvitationService::Answer InvitationService::PostAccept(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  Acceptance acceptance;
  http::ObjectReader reader(body);
  acceptance.token = reader.String("token");
  acceptance.name = reader.String("name");
  acceptance.password = reader.String("password");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const SignedIn joined, AcceptInvitation(environment_, acceptance, context.request_id, context.deadline));
  return SignedInResponse(joined);
}

}  // namespace helios::identity
