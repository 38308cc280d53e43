// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/time.h"
#include "pg/database.h"

namespace helios::detection {

/// Hears when somebody resolves an incident by hand. Thread-safe.
class IncidentListener {
 public:
  virtual ~IncidentListener() = default;
  /// The incident is one of an alert rule, and was not resolved before. Within the transaction of the change.
  [[nodiscard]] virtual Result<void> Resolved(pg::TenantTransaction& tx, const Uuid& rule, const Uuid& incident,
                                              TimestampMs now) = 0;
  /// After the commit.
  virtual void Wake(TenantId tenant) = 0;
};

}  // namespace helios::detection
