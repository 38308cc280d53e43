// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/identity_json.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "http/json.h"
#include "identity/credentials.h"

namespace helios::identity {
namespace {

boost::json::value TimeOrNull(const std::optional<TimestampMs>& time) {
  if (!time) return nullptr;
  return boost::json::value(FormatRfc3339(*time));
}

}  // namespace

boost::json::object ToJson(const Organization& organization) {
  return {{"id", organization.id.ToString()},
          {"name", organization.name},
          {"slug", organization.slug},
          {"plan", organization.plan},
          {"status", organization.status},
          {"timezone", organization.timezone},
          {"settings", boost::json::parse(organization.settings)},
          {"created_at", FormatRfc3339(organization.created_at)},
          {"updated_at", FormatRfc3339(organization.updated_at)}};
}

boost::json::object ToJson(const User& user) {
  return {{"id", user.id.ToString()},
          {"email", user.email},
          {"name", user.name},
          {"role", tenancy::RoleName(user.role)},
          {"last_login_at", TimeOrNull(user.last_login_at)},
          {"created_at", FormatRfc3339(user.created_at)}};
}

boost::json::object ToJson(const ApiKey& key) {
  boost::json::array scopes;
  for (const std::string& scope : key.scopes) scopes.emplace_back(scope);
  return {{"id", key.id.ToString()},
          {"name", key.name},
          {"key_prefix", key.key_prefix},
          {"scopes", std::move(scopes)},
          {"last_used_at", TimeOrNull(key.last_used_at)},
          {"expires_at", TimeOrNull(key.expires_at)},
          {"created_at", FormatRfc3339(key.created_at)}};
}

boost::json::object ToJson(const NewApiKey& made) {
  boost::json::object json = ToJson(made.key);
  json["key"] = made.secret;
  return json;
}

boost::json::object ToJson(const SignedUp& signed_up) {
  return {{"organization", ToJson(signed_up.organization)},
          {"user", ToJson(signed_up.owner)},
          {"api_key", ToJson(signed_up.api_key)}};
}

boost::json::object ToJson(const SignedIn& signed_in) {
  return {{"user", ToJson(signed_in.user)},
          {"organization",
           {{"id", signed_in.tenant.ToString()},
            {"name", signed_in.organization_name},
            {"slug", signed_in.organization_slug}}},
          {"expires_at", FormatRfc3339(signed_in.expires_at)}};
}

http::Response SignedInResponse(const SignedIn& signed_in) {
  http::Response response = http::Json(201, ToJson(signed_in));
  response.headers.Add("Set-Cookie", SetSessionCookie(signed_in.token, kSessionLife));
  return response;
}

}  // namespace helios::identity
