// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <vector>

#include "base/random.h"
#include "base/time.h"
#include "pg/database.h"

namespace helios::notify {

/// Something to be told, to some channels.
struct Message {
  std::string id;    ///< the receiver's webhook-id: the same for each attempt, and nothing else's; at most 100 bytes
  std::string type;  ///< "incident.opened"
  std::string body;  ///< JSON, sent as it is
  std::vector<Uuid> channels;
};

/// Puts the message into the transaction of the change that it is about: it leaves if and only if that commits. The
/// same id again, also much later, is the same message.
[[nodiscard]] Result<void> PutIntoOutbox(pg::TenantTransaction& tx, const Message& message, TimestampMs now);

/// Carries what waits in the tenant's outbox to deliveries, each message once for each of its channels; how many
/// messages there were. Any number of processes may do so.
[[nodiscard]] Result<std::size_t> CarryOutbox(pg::Database& database, TenantId tenant, Random& random, TimestampMs now);

}  // namespace helios::notify
