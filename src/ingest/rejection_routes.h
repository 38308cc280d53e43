// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/rejection_log.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// GET /api/v1/ingest/rejections: what was refused of the tenant's samples lately, and how much since the start. The
/// log must outlive the route.
[[nodiscard]] tenancy::Routes RejectionRoutes(const RejectionLog& log);

}  // namespace helios::ingest
