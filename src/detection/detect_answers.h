// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <boost/json/object.hpp>

#include "detection/detect_query.h"
#include "pg/database.h"
#include "tenancy/request_context.h"

namespace helios::detection {

/// The answer to POST /detect. Without a start, the last 24 hours before the end; without an end, now.
/// Errors: kNotFound detection.no_such_series; kInvalidArgument detection.too_many_series (over 100),
/// detection.too_large (over 2 million samples, or not done in time).
[[nodiscard]] Result<boost::json::object> AnswerDetect(const tsdb::SampleStore& store, pg::Database& database,
                                                       const tenancy::RequestContext& context,
                                                       const DetectQuery& query);

/// The answer to POST /detect/backtest: what would have been reported, at a sensitivity or within a budget. Examines as
/// many series as it can in a request, and says how many of how many those were.
/// Errors: kNotFound detection.no_such_series.
[[nodiscard]] Result<boost::json::object> AnswerBacktest(const tsdb::SampleStore& store, pg::Database& database,
                                                         const tenancy::RequestContext& context,
                                                         const BacktestQuery& query);

}  // namespace helios::detection
