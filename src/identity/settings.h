// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "http/json.h"
#include "tenancy/plan.h"

namespace helios::identity {

/// Rejects, in `reader`, a setting that has a meaning and makes no sense; the others are the organization's own.
///
///   anomaly_sensitivity      0 to 5
///   anomaly_budget_per_week  whole, 0 to 1,000,000
///   raw_retention_days       whole days, 1 to what `plan` allows
///   rollup_retention_days    the same, and no fewer than those of samples
///   training_schedule        cron (jobs/cron.h)
///   training_days            whole, 3 to 90
///   forecast_horizons        1 to 12 whole numbers of minutes, 1 to 10,080 each
///   forecast_metrics         up to 100 names of 1 to 255 bytes
void CheckSettings(http::ObjectReader& reader, const boost::json::object& settings, tenancy::Plan plan);

}  // namespace helios::identity
