// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>

#include "obs/metrics.h"
#include "tenancy/route.h"

namespace helios::wiring {

/// What the operator's listener answers: health, the process' own metrics, and the backup. `metrics` must outlive them.
[[nodiscard]] tenancy::Routes OperatorRoutes(const std::function<Result<void>()>& ready, obs::Metrics& metrics,
                                             tenancy::Route backup);

}  // namespace helios::wiring
