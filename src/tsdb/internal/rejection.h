// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"
#include "tsdb/series.h"

namespace helios::tsdb {

// The words of a Rejection. Each names the series, cut to a few hundred bytes: a request may hold 50,000 bad samples.

[[nodiscard]] std::string DescribeTooFarInFuture(const SeriesKey& key, std::int64_t time_ms, TimestampMs now);
[[nodiscard]] std::string DescribeTooOld(const SeriesKey& key, std::int64_t time_ms, std::int64_t oldest_ms);
[[nodiscard]] std::string DescribeOutOfOrder(const SeriesKey& key, std::int64_t time_ms, std::int64_t newest_ms);
[[nodiscard]] std::string DescribeConflict(const SeriesKey& key, std::int64_t time_ms, std::uint64_t bits,
                                           std::uint64_t stored_bits);
[[nodiscard]] std::string DescribeSeriesLimit(const SeriesKey& key, std::size_t limit);

}  // namespace helios::tsdb
