// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/identity_service.h"

#include <boost/json/serialize.hpp>

#include "http/json.h"
#include "identity/credentials.h"
#include "identity/identity_json.h"
#include "identity/settings.h"
#include "tenancy/page.h"
#include "tenancy/page_answer.h"

namespace helios::identity {
namespace {

using http::Method;
using tenancy::Permission;

constexpr std::size_t kMaxBodyBytes = 64U << 10U;

/// An id of the path. One that is no uuid cannot be of anything: 404, as for an absent one.
Result<Uuid> PathId(const http::Request& request) {
  if (const auto id = Uuid::Parse(request.PathParameter("id"))) return *id;
  return Fail(ErrorCode::kNotFound, "http.no_such_resource", "cannot find '{}': it is not an id",
              request.PathParameter("id").substr(0, 64));
}

std::optional<tenancy::Role> ReadRole(http::ObjectReader& reader) {
  const auto name = reader.OptionalString("role");
  if (!name) return std::nullopt;
  const auto role = tenancy::ParseRole(*name);
  if (!role) reader.Reject("role", *name, "owner, admin, member or viewer");
  return role;
}

}  // namespace

http::Response RenderMe(const tenancy::Principal& principal) {
  boost::json::object body{{"organization",
                            {{"id", principal.tenant.ToString()},
                             {"name", principal.organization_name},
                             {"slug", principal.organization_slug},
                             {"plan", tenancy::PlanName(principal.plan)},
                             {"timezone", principal.timezone}}},
                           {"user", nullptr},
                           {"api_key", nullptr}};
  if (principal.kind == tenancy::Principal::Kind::kSession) {
    body["user"] = {{"id", principal.user.ToString()},
                    {"email", principal.user_email},
                    {"name", principal.user_name},
                    {"role", tenancy::RoleName(principal.role)}};
  } else {
    boost::json::array scopes;
    for (const std::string& scope : principal.scopes) scopes.emplace_back(scope);
    body["api_key"] = {
        {"id", principal.credential_id.ToString()}, {"name", principal.key_name}, {"scopes", std::move(scopes)}};
  }
  return http::Json(200, body);
}

tenancy::Routes IdentityService::MakeRoutes() const {
  using Handler = Answer (IdentityService::*)(const http::Request&, const Context&) const;
  const auto route = [this](Method method, std::string pattern, std::string operation,
                            std::optional<Permission> permission, Handler handler) {
    return tenancy::Route{.method = method,
                          .pattern = std::move(pattern),
                          .operation = std::move(operation),
                          .permission = permission,
                          .max_body_bytes = kMaxBodyBytes,
                          .handler = [this, handler](const http::Request& request, const Context& context) {
                            return (this->*handler)(request, context);
                          }};
  };
  using Self = IdentityService;
  tenancy::Routes routes = {
      route(Method::kPost, "/api/v1/organizations", "createOrganization", std::nullopt, &Self::PostOrganization),
      route(Method::kGet, "/api/v1/organizations/{id}", "getOrganization", Permission::kDataRead,
            &Self::GetOrganizationById),
      route(Method::kPatch, "/api/v1/organizations/{id}", "updateOrganization", Permission::kOrganizationManage,
            &Self::PatchOrganization),
      route(Method::kDelete, "/api/v1/organizations/{id}", "deleteOrganization", Permission::kOrganizationDelete,
            &Self::DeleteOrganizationById),
      route(Method::kPost, "/api/v1/users", "createUser", Permission::kUsersManage, &Self::PostUser),
      route(Method::kGet, "/api/v1/users", "listUsers", Permission::kDataRead, &Self::GetUsers),
      route(Method::kGet, "/api/v1/users/{id}", "getUser", Permission::kDataRead, &Self::GetUserById),
      route(Method::kPatch, "/api/v1/users/{id}", "updateUser", std::nullopt, &Self::PatchUser),
      route(Method::kDelete, "/api/v1/users/{id}", "deleteUser", Permission::kUsersManage, &Self::DeleteUserById),
      route(Method::kPost, "/api/v1/sessions", "createSession", std::nullopt, &Self::PostSession),
      route(Method::kDelete, "/api/v1/sessions/current", "deleteSession", std::nullopt, &Self::DeleteCurrentSession),
      route(Method::kPost, "/api/v1/api-keys", "createApiKey", Permission::kKeysManage, &Self::PostApiKey),
      route(Method::kGet, "/api/v1/api-keys", "listApiKeys", Permission::kDataRead, &Self::GetApiKeys),
      route(Method::kDelete, "/api/v1/api-keys/{id}", "deleteApiKey", Permission::kKeysManage, &Self::DeleteApiKey),
  };
  for (tenancy::Route& made : routes) {
    if (made.operation == "createOrganization") made.rate_class = tenancy::RateClass::kSignUp;
    if (made.operation == "createSession") made.rate_class = tenancy::RateClass::kSignIn;
    if (made.operation == "createUser") made.replay = tenancy::Replay::kStored;
    if (made.operation == "createApiKey") made.replay = tenancy::Replay::kSecret;
    // Members change their own name and password, and end their own session: the verbs decide.
    made.any_credential = made.operation == "updateUser" || made.operation == "deleteSession";
    made.audited = made.method != Method::kGet;
  }
  // What the credential says is at hand: no worker and no query.
  routes.push_back({.method = Method::kGet,
                    .pattern = "/api/v1/me",
                    .operation = "getMe",
                    .any_credential = true,
                    .handler = tenancy::InlineHandler([](const http::Request&, const auto& context, const auto& reply) {
                      reply(RenderMe(*context->principal));
                    })});
  return routes;
}

IdentityService::Answer IdentityService::PostOrganization(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  SignUpRequest wanted;
  http::ObjectReader reader(body);
  wanted.name = reader.String("name");
  wanted.slug = reader.OptionalString("slug");
  if (const auto plan = reader.OptionalString("plan")) {
    if (const auto parsed = tenancy::ParsePlan(*plan)) {
      wanted.plan = *parsed;
    } else {
      reader.Reject("plan", *plan, "starter, professional or enterprise");
    }
  }
  http::ObjectReader owner(reader.Object("owner"), "owner.");
  wanted.owner_email = owner.String("email");
  wanted.owner_name = owner.String("name");
  wanted.owner_password = owner.String("password");
  HELIOS_CHECK(reader.Finish());
  HELIOS_CHECK(owner.Finish());
  HELIOS_TRY(const SignedUp made, SignUp(environment_, wanted, context.request_id, context.deadline));
  return http::Json(201, ToJson(made));
}

IdentityService::Answer IdentityService::GetOrganizationById(const http::Request& request,
                                                             const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const Organization organization, GetOrganization(environment_, context, id));
  return http::Json(200, ToJson(organization));
}

IdentityService::Answer IdentityService::PatchOrganization(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const auto body, http::JsonBody(request));
  OrganizationChange change;
  http::ObjectReader reader(body);
  change.name = reader.OptionalString("name");
  change.timezone = reader.OptionalString("timezone");
  if (const auto* settings = reader.OptionalObject("settings")) {
    CheckSettings(reader, *settings, context.principal->plan);
    change.settings = boost::json::serialize(*settings);
  }
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const Organization organization, ChangeOrganization(environment_, context, id, change));
  return http::Json(200, ToJson(organization));
}

IdentityService::Answer IdentityService::DeleteOrganizationById(const http::Request& request,
                                                                const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(DeleteOrganization(environment_, context, id));
  return http::NoContent();
}

IdentityService::Answer IdentityService::PostUser(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  UserRequest wanted;
  http::ObjectReader reader(body);
  wanted.email = reader.String("email");
  wanted.name = reader.String("name");
  wanted.role = ReadRole(reader).value_or(tenancy::Role::kMember);
  wanted.password = reader.OptionalString("password");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const User user, CreateUser(environment_, context, wanted));
  return http::Json(201, ToJson(user));
}

IdentityService::Answer IdentityService::GetUsers(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto users, ListUsers(environment_, context, page));
  return tenancy::PageAnswer(users, page, request, context.tenant, cursors_);
}

IdentityService::Answer IdentityService::GetUserById(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const User user, GetUser(environment_, context, id));
  return http::Json(200, ToJson(user));
}

IdentityService::Answer IdentityService::PatchUser(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_TRY(const auto body, http::JsonBody(request));
  UserChange change;
  http::ObjectReader reader(body);
  change.name = reader.OptionalString("name");
  change.role = ReadRole(reader);
  change.password = reader.OptionalString("password");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const User user, ChangeUser(environment_, context, id, change));
  return http::Json(200, ToJson(user));
}

IdentityService::Answer IdentityService::DeleteUserById(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(DeleteUser(environment_, context, id));
  return http::NoContent();
}

IdentityService::Answer IdentityService::PostSession(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  SignInRequest wanted;
  http::ObjectReader reader(body);
  wanted.email = reader.String("email");
  wanted.password = reader.String("password");
  wanted.organization = reader.OptionalString("organization");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const SignedIn signed_in, SignIn(environment_, wanted, context.request_id, context.deadline));
  return SignedInResponse(signed_in);
}

IdentityService::Answer IdentityService::DeleteCurrentSession(const http::Request&, const Context& context) const {
  HELIOS_CHECK(SignOut(environment_, context));
  http::Response response = http::NoContent();
  response.headers.Add("Set-Cookie", SetSessionCookie("", std::chrono::seconds{0}));
  return response;
}

IdentityService::Answer IdentityService::PostApiKey(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const auto body, http::JsonBody(request));
  ApiKeyRequest wanted;
  http::ObjectReader reader(body);
  wanted.name = reader.String("name");
  if (auto scopes = reader.OptionalStrings("scopes", 3, 16)) wanted.scopes = *std::move(scopes);
  wanted.expires_at = reader.OptionalTime("expires_at");
  HELIOS_CHECK(reader.Finish());
  HELIOS_TRY(const NewApiKey made, CreateApiKey(environment_, context, wanted));
  return http::Json(201, ToJson(made));
}

IdentityService::Answer IdentityService::GetApiKeys(const http::Request& request, const Context& context) const {
  HELIOS_CHECK(tenancy::AllowQuery(request, {"limit", "cursor"}));
  HELIOS_TRY(const tenancy::Page page, tenancy::ParsePage(request, context.tenant, cursors_));
  HELIOS_TRY(const auto keys, ListApiKeys(environment_, context, page));
  return tenancy::PageAnswer(keys, page, request, context.tenant, cursors_);
}

IdentityService::Answer IdentityService::DeleteApiKey(const http::Request& request, const Context& context) const {
  HELIOS_TRY(const Uuid id, PathId(request));
  HELIOS_CHECK(RevokeApiKey(environment_, context, id));
  return http::NoContent();
}

}  // namespace helios::identity
