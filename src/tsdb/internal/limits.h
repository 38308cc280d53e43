// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>

namespace helios::tsdb {

// DESIGN §3, rules 18 and 19.
inline constexpr std::chrono::milliseconds kFutureTolerance = std::chrono::minutes{10};
/// Of Helios' own series: a forecast has the time that it is of.
inline constexpr std::chrono::milliseconds kForecastTolerance = std::chrono::hours{2};
inline constexpr std::chrono::milliseconds kOutOfOrderWindow = std::chrono::hours{1};
inline constexpr std::chrono::milliseconds kActiveWindow = std::chrono::hours{1};

}  // namespace helios::tsdb
