// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "http/address_policy.h"
#include "pg/database.h"
#include "secrets/vault.h"
#include "tenancy/audit.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"

namespace helios::notify {

/// What the verbs work with. All of it outlives them.
struct Environment {
  pg::Database& database;
  Random& random;
  const tenancy::AuditTrail& audit;
  secrets::Vault& vault;
  const http::AddressPolicy& policy;
  /// Called after something was made due for this tenant, so that nobody waits for the next look.
  std::function<void(TenantId)> wake = {};
};

/// How long the secret before signs beside the new one.
inline constexpr std::chrono::hours kRotation{24};

/// Where messages go. One type so far: "webhook".
struct Channel {
  Uuid id;
  std::string name;
  std::string type;
  std::string url;
  bool enabled = true;
  std::optional<std::string> disabled_reason;  ///< "gone": its receiver answered 410
  std::optional<TimestampMs> previous_secret_until;
  TimestampMs created_at;
  TimestampMs updated_at;
};

/// A channel with its secret, which is shown this once.
struct ChannelWithSecret {
  Channel channel;
  std::string secret;  ///< "whsec_…"
};

struct ChannelChange {
  std::optional<std::string> name;
  std::optional<std::string> url;
  std::optional<bool> enabled;
};

/// Each verb asks for its permission first, and a change and its audit row are one transaction.
/// Errors: kPermissionDenied; kInvalidArgument notify.bad_name, notify.bad_url; kNotFound notify.no_such_channel;
/// kQuotaExceeded notify.channel_limit: the plan's channels are used up; those of pg::Database and secrets::Vault.
[[nodiscard]] Result<ChannelWithSecret> CreateChannel(const Environment& environment,
                                                      const tenancy::RequestContext& context, const std::string& name,
                                                      const std::string& url);

/// One more than the page asks for, where there are more.
[[nodiscard]] Result<std::vector<Channel>> ListChannels(const Environment& environment,
                                                        const tenancy::RequestContext& context,
                                                        const tenancy::Page& page);
[[nodiscard]] Result<Channel> GetChannel(const Environment& environment, const tenancy::RequestContext& context,
                                         const Uuid& id);
[[nodiscard]] Result<Channel> ChangeChannel(const Environment& environment, const tenancy::RequestContext& context,
                                            const Uuid& id, const ChannelChange& change);

/// With its deliveries.
[[nodiscard]] Result<void> DeleteChannel(const Environment& environment, const tenancy::RequestContext& context,
                                         const Uuid& id);

/// A new secret; for kRotation messages carry signatures of both.
[[nodiscard]] Result<ChannelWithSecret> RotateSecret(const Environment& environment,
                                                     const tenancy::RequestContext& context, const Uuid& id);

/// Within a transaction. Errors: kNotFound notify.no_such_channel.
[[nodiscard]] Result<Channel> FindChannel(pg::TenantTransaction& tx, const Uuid& id);

/// Within a transaction: webhooks that are enabled, oldest first.
[[nodiscard]] Result<std::vector<Uuid>> ListWebhookIds(pg::TenantTransaction& tx);

/// Where the column's secret is sealed for.
[[nodiscard]] secrets::Place PlaceOfSecret(const Uuid& channel);

}  // namespace helios::notify
