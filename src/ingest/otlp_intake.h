// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/delta_sums.h"
#include "ingest/intake_pipeline.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// POST /v1/metrics, where exporters send by default, and POST /api/v1/otlp/v1/metrics: OpenTelemetry's metrics in
/// protobuf or JSON, answered in kind: 200 also where points were refused, with their number. Pipeline and sums must
/// outlive the routes, and the store's last callback.
[[nodiscard]] tenancy::Routes OtlpIntakeRoutes(IntakePipeline& pipeline, DeltaSums& sums);

}  // namespace helios::ingest
