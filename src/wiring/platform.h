// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "base/random.h"
#include "base/time.h"
#include "obs/metrics.h"
#include "pg/database.h"
#include "secrets/key_provider.h"
#include "tenancy/audit.h"
#include "tenancy/cursor.h"
#include "tsdb/embedded_store.h"

namespace helios::wiring {

/// What every group of services is built over; all of it outlives them.
struct Platform {
  const Clock& clock;
  Random& random;
  obs::Metrics& metrics;
  const secrets::KeyProvider& keys;
  pg::Database& database;
  tsdb::EmbeddedStore& store;
  const tenancy::AuditTrail& audit;
  const tenancy::CursorCodec& cursors;
};

}  // namespace helios::wiring
