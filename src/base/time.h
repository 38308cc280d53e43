// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace helios {

/// A moment in UTC, to the millisecond: a sample's time, a row's time.
using TimestampMs = std::chrono::sys_time<std::chrono::milliseconds>;

constexpr TimestampMs FromUnixMs(std::int64_t ms) {
  return TimestampMs{std::chrono::milliseconds{ms}};
}
constexpr std::int64_t ToUnixMs(TimestampMs time) {
  return time.time_since_epoch().count();
}

/// Where the time comes from; tests drive a ManualClock. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimestampMs Now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] TimestampMs Now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

/// Parses RFC 3339: "2026-01-03T12:00:00Z", with any offset and fraction of a second; digits beyond
/// milliseconds are cut off. Years 1970 to 9999; a leap second 60 counts as the next second.
/// Errors: kInvalidArgument time.not_rfc3339.
[[nodiscard]] Result<TimestampMs> ParseRfc3339(std::string_view text);

/// "2026-01-03T12:00:00Z", or with ".250" where milliseconds are not zero.
[[nodiscard]] std::string FormatRfc3339(TimestampMs time);

}  // namespace helios
