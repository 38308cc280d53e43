// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "identity/environment.h"
#include "tenancy/page.h"

namespace helios::identity {

struct ApiKey {
  Uuid id;
  std::string name;
  std::string key_prefix;  ///< its first characters, for display
  std::vector<std::string> scopes;
  std::optional<TimestampMs> last_used_at;
  std::optional<TimestampMs> expires_at;
  TimestampMs created_at;
};

/// A key together with its secret, which is shown this once.
struct NewApiKey {
  ApiKey key;
  std::string secret;  ///< "hlx_…"
};

struct ApiKeyRequest {
  std::string name;
  std::vector<std::string> scopes = {"read", "write"};
  std::optional<TimestampMs> expires_at = std::nullopt;
};

/// Adds a key to the transaction, without asking for permission: for CreateApiKey and for sign-up.
[[nodiscard]] Result<NewApiKey> InsertApiKey(const Environment& environment, pg::TenantTransaction& tx,
                                             const ApiKeyRequest& request, std::optional<UserId> created_by,
                                             TimestampMs now);

/// Errors: kPermissionDenied, also for a scope that the caller does not have itself (tenancy.missing_scope);
/// kInvalidArgument identity.bad_name, identity.bad_scope, identity.bad_expiry.
[[nodiscard]] Result<NewApiKey> CreateApiKey(const Environment& environment, const tenancy::RequestContext& context,
                                             const ApiKeyRequest& request);

/// One more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<ApiKey>> ListApiKeys(const Environment& environment,
                                                      const tenancy::RequestContext& context,
                                                      const tenancy::Page& page);

/// The key is refused from here on. Errors: kPermissionDenied; kNotFound identity.no_such_key.
[[nodiscard]] Result<void> RevokeApiKey(const Environment& environment, const tenancy::RequestContext& context,
                                        const Uuid& id);

}  // namespace helios::identity
