// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/intake_pipeline.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// POST /api/v1/import: a WriteRequest of remote write 1.0 that holds history. Its samples may be in any order and of
/// any age within the retention of rollups, and count against the rate of imports; else they are samples like any
/// other: durable when answered, duplicates dropped, refused ones told one by one. No pair of servers is recognised in
/// it. The pipeline must outlive the route.
[[nodiscard]] tenancy::Routes ImportIntakeRoutes(IntakePipeline& pipeline);

}  // namespace helios::ingest
