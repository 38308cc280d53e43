// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.h"

namespace helios::tsdb {

// The words of a Rejection. `series` is what ShowSeries() makes of it.

[[nodiscard]] std::string DescribeTooFarInFuture(std::string_view series, std::int64_t time_ms, TimestampMs now);
[[nodiscard]] std::string DescribeTooOld(std::string_view series, std::int64_t time_ms, std::int64_t oldest_ms);
[[nodiscard]] std::string DescribeOutOfOrder(std::string_view series, std::int64_t time_ms, std::int64_t newest_ms);
[[nodiscard]] std::string DescribeConflict(std::string_view series, std::int64_t time_ms, std::uint64_t bits,
                                           std::uint64_t stored_bits);
[[nodiscard]] std::string DescribeSeriesLimit(std::string_view series, std::size_t limit);

}  // namespace helios::tsdb
