// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "ingest/rejection_log.h"
#include "tenancy/route.h"

namespace helios::ingest {

/// GET /api/v1/ingest/rejections: what was refused of the tenant's samples lately, of which series and why, how much
/// since the start, and what to do about it. The log must outlive the route.
[[nodiscard]] tenancy::Routes RejectionRoutes(const RejectionLog& log);

}  // namespace helios::ingest
