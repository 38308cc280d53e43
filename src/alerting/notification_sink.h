// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "pg/database.h"

namespace helios::alerting {

/// Something to be told. The id is that of the edge: the same edge is told once, whoever finds it again.
struct Notification {
  std::string id;
  std::string type;  ///< "incident.opened", "incident.resolved"
  std::string body;  ///< JSON
  std::vector<Uuid> channels;
};

/// Takes notifications into the transaction of the change that they are about. Thread-safe.
class NotificationSink {
 public:
  virtual ~NotificationSink() = default;
  [[nodiscard]] virtual Result<void> Put(pg::TenantTransaction& tx, const Notification& notification,
                                         TimestampMs now) = 0;
  /// After the commit: there is something to send.
  virtual void Wake(TenantId tenant) = 0;
};

}  // namespace helios::alerting
