// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/intake_pipeline.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// Whether Content-Type names the message of version 2.0.
[[nodiscard]] bool IsRemoteWriteV2(const http::Request& request);

/// Errors: kUnsupportedType http.unsupported_type, http.unsupported_encoding.
[[nodiscard]] Result<void> CheckRemoteWriteType(const http::Request& request);

/// POST /api/v1/prometheus/write: Prometheus remote write 1.0 and 2.0, told apart by Content-Type. Every answer carries
/// the three X-Prometheus-Remote-Write-…-Written headers. The pipeline must outlive the route.
[[nodiscard]] tenancy::Routes RemoteWriteIntakeRoutes(IntakePipeline& pipeline);

}  // namespace helios::ingest
