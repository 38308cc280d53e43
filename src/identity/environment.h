// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/random.h"
#include "base/time.h"
#include "pg/database.h"
#include "tenancy/audit.h"

namespace helios::identity {

class Credentials;

/// What the verbs of this module work with. All of it outlives them.
struct Environment {
  pg::Database& database;
  const Clock& clock;
  Random& random;
  const tenancy::AuditTrail& audit;
  Credentials& credentials;
};

}  // namespace helios::identity
