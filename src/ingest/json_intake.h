// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/intake_pipeline.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// POST /api/v1/ingest: JSON. The pipeline must outlive the route.
[[nodiscard]] tenancy::Routes JsonIntakeRoutes(IntakePipeline& pipeline);

}  // namespace helios::ingest
