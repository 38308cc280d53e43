// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/intake_pipeline.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// POST /write and POST /api/v2/write: InfluxDB's line protocol, as its versions 1 and 2 take it. The pipeline must
/// outlive the routes.
[[nodiscard]] tenancy::Routes LineProtocolIntakeRoutes(IntakePipeline& pipeline);

}  // namespace helios::ingest
