// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "identity/api_keys.h"

#include <algorithm>

#include "crypto/token.h"
#include "identity/credentials.h"
#include "identity/fields.h"
#include "identity/sql.h"
#include "identity/words.h"

namespace helios::identity {
namespace {

constexpr std::size_t kPrefixLength = 8;

Result<void> CheckScopes(const std::vector<std::string>& scopes) {
  for (const std::string& scope : scopes) {
    if (!tenancy::PermissionsOfScope(scope)) {
      return Fail(ErrorCode::kInvalidArgument, "identity.bad_scope",
                  "cannot create the API key: no scope '{}'; want some of read, write, admin", scope.substr(0, 32));
    }
  }
  if (scopes.empty()) {
    return Fail(ErrorCode::kInvalidArgument, "identity.bad_scope",
                "cannot create the API key: it has no scope; want some of read, write, admin");
  }
  return {};
}

/// Nobody makes a key that may more than its maker.
Result<void> CheckNotAboveOwn(const tenancy::RequestContext& context, const std::vector<std::string>& scopes) {
  for (const std::string& scope : scopes) {
    if (!context.principal->permissions.Contains(*tenancy::PermissionsOfScope(scope))) {
      return Fail(ErrorCode::kPermissionDenied, "tenancy.missing_scope",
                  "cannot create an API key with the scope '{}': you do not have it yourself", scope);
    }
  }
  return {};
}

}  // namespace

Result<NewApiKey> InsertApiKey(const Environment& environment, pg::TenantTransaction& tx, const ApiKeyRequest& request,
                               std::optional<UserId> created_by, TimestampMs now) {
  HELIOS_CHECK(CheckName(request.name, "the key's name"));
  HELIOS_CHECK(CheckScopes(request.scopes));
  if (request.expires_at && *request.expires_at <= now) {
    return Fail(ErrorCode::kInvalidArgument, "identity.bad_expiry",
                "cannot create the API key: expires_at {} is in the past", FormatRfc3339(*request.expires_at));
  }
  std::vector<std::string> scopes = request.scopes;
  std::ranges::sort(scopes);
  scopes.erase(std::ranges::unique(scopes).begin(), scopes.end());

  NewApiKey made;
  made.secret = crypto::MakeApiKey(environment.random);
  made.key = {.id = Uuid::V7(now, environment.random),
              .name = request.name,
              .key_prefix = made.secret.substr(0, kPrefixLength),
              .scopes = scopes,
              .last_used_at = std::nullopt,
              .expires_at = request.expires_at,
              .created_at = now};
  const std::string hash = environment.credentials.HashApiKey(made.secret).hex;
  HELIOS_CHECK(tx.Execute(sql::kInsertApiKey, {tx.tenant(), made.key.id, made.key.name, hash, made.key.key_prefix,
                                               scopes, created_by, made.key.expires_at, now}));
  return made;
}

Result<NewApiKey> CreateApiKey(const Environment& environment, const tenancy::RequestContext& context,
                               const ApiKeyRequest& request) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kKeysManage));
  HELIOS_CHECK(CheckScopes(request.scopes));
  HELIOS_CHECK(CheckNotAboveOwn(context, request.scopes));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  std::optional<UserId> created_by;
  if (!context.principal->user.is_nil()) created_by = context.principal->user;
  HELIOS_TRY(NewApiKey made, InsertApiKey(environment, tx, request, created_by, context.now));
  HELIOS_CHECK(environment.audit.Record(tx, context, "api_key.create", made.key.id));
  HELIOS_CHECK(tx.Commit());
  return made;
}

Result<std::vector<ApiKey>> ListApiKeys(const Environment& environment, const tenancy::RequestContext& context,
                                        const tenancy::Page& page) {
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kListApiKeys, {tx.tenant(), page.limit + 1, page.offset}));
  std::vector<ApiKey> keys;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto row = rows[i];
    keys.push_back({.id = row.Get<Uuid>("id"),
                    .name = row.Get<std::string>("name"),
                    .key_prefix = row.Get<std::string>("key_prefix"),
                    .scopes = SplitWords(row.Get<std::string>("scopes")),
                    .last_used_at = row.Get<std::optional<TimestampMs>>("last_used_at"),
                    .expires_at = row.Get<std::optional<TimestampMs>>("expires_at"),
                    .created_at = row.Get<TimestampMs>("created_at")});
  }
  return keys;
}

Result<void> RevokeApiKey(const Environment& environment, const tenancy::RequestContext& context, const Uuid& id) {
  HELIOS_CHECK(context.Require(tenancy::Permission::kKeysManage));
  HELIOS_TRY(auto tx, environment.database.Begin(context.tenant, context.deadline));
  HELIOS_TRY(const auto rows, tx.Execute(sql::kRevokeApiKey, {tx.tenant(), id, context.now}));
  if (rows.empty()) {
    return Fail(ErrorCode::kNotFound, "identity.no_such_key", "cannot find the API key {}", id);
  }
  HELIOS_CHECK(environment.audit.Record(tx, context, "api_key.revoke", id));
  HELIOS_CHECK(tx.Commit());
  environment.credentials.Forget(context.tenant);
  return {};
}

}  // namespace helios::identity
