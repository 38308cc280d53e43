// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>
#include <string_view>

#include "base/random.h"
#include "base/result.h"
#include "pg/database.h"
#include "tenancy/request_context.h"

namespace helios::tenancy {

/// Writes who changed what into the audit log. Thread-safe.
class AuditTrail {
 public:
  explicit AuditTrail(Random& random) : random_(random) {}

  /// Adds a row to the transaction of the change itself, so that neither is without the other.
  /// `action` is "alert_rule.create", `target` the id of the alert rule; `details` is a JSON object without
  /// secrets and without people's names.
  [[nodiscard]] Result<void> Record(pg::TenantTransaction& tx, const RequestContext& context, std::string_view action,
                                    const Uuid& target, std::string_view details = "{}") const;

  /// The same for what Helios did by itself at `now`: actor "system".
  [[nodiscard]] Result<void> RecordSystem(pg::TenantTransaction& tx, TimestampMs now, std::string_view action,
                                          const Uuid& target, std::string_view details = "{}") const;

 private:
  Random& random_;
};

/// Who acts, as audit rows name them: "user" by the user's id, "api_key" by the key's.
struct Actor {
  std::string_view type;
  Uuid id;
};
[[nodiscard]] Actor ActorOf(const Principal& principal);

}  // namespace helios::tenancy
