// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "base/random.h"
#include "base/time.h"
#include "pg/database.h"
#include "tenancy/audit.h"

namespace helios::identity {

class Credentials;

/// Who hears of an organization that was made or changed. Thread-safe.
class OrganizationListener {
 public:
  virtual ~OrganizationListener() = default;

  /// Within the transaction of the change; an error undoes it. `settings` is a JSON object.
  [[nodiscard]] virtual Result<void> Changed(pg::TenantTransaction& tx, const std::string& settings,
                                             const std::string& timezone, TimestampMs now) const = 0;
};

/// What the verbs of this module work with. All of it outlives them.
struct Environment {
  pg::Database& database;
  const Clock& clock;
  Random& random;
  const tenancy::AuditTrail& audit;
  Credentials& credentials;
  const OrganizationListener* listener = nullptr;  ///< may be none
};

}  // namespace helios::identity
