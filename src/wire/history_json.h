// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/array.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

#include "base/result.h"
#include "ml/grid.h"

namespace helios::wire {

inline constexpr std::size_t kMaxHorizons = 2016;
inline constexpr std::size_t kMaxHistorySamples = 50'000;

/// A history that comes with a request: [{"timestamp", "value"}, …] in any order of time. A timestamp is RFC 3339 or
/// unix milliseconds, of the years 1970 to 9999; a value is a number, or null for a gap, which comes back as NaN.
///
/// Errors: kInvalidArgument inference.history_too_long  over `most` samples
///         kInvalidArgument http.bad_field, http.unknown_field  naming the field, as "history[3].value"
[[nodiscard]] Result<std::vector<ml::Sample>> ReadHistory(const boost::json::array& array,
                                                          std::size_t most = kMaxHistorySamples);

/// How far ahead to forecast: 1 to kMaxHorizons whole minutes, each in [1, 10080].
/// Errors: kInvalidArgument inference.bad_horizon.
[[nodiscard]] Result<std::vector<std::chrono::minutes>> ReadHorizons(const boost::json::array& array);

/// `level` itself where it lies in (0, 1). Errors: kInvalidArgument inference.bad_level.
[[nodiscard]] Result<double> ReadLevel(double level);

}  // namespace helios::wire
