// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "transfer/remote_read.h"
#include "tsdb/sample_store.h"
#include "tsdb/series.h"

namespace helios::transfer {

/// {__name__="up",job=~"a|b"}: a selector as Prometheus reads it.
[[nodiscard]] std::string FormatSelector(const tsdb::SeriesSelector& selector);

/// The form of POST /api/v1/query_range. `range` is closed, and `step` divides it.
[[nodiscard]] std::string EncodeRangeQuery(const tsdb::SeriesSelector& selector, tsdb::TimeRange range,
                                           std::chrono::milliseconds step);

/// The series of an answer of /api/v1/query_range.
/// Errors: kInvalidArgument transfer.bad_answer.
[[nodiscard]] Result<std::vector<RemoteSeries>> DecodeRangeAnswer(std::string_view body);

}  // namespace helios::transfer
