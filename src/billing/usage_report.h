// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "billing/usage_source.h"

namespace helios::billing {

/// What was counted in one hour.
struct HourlyUsage {
  TimestampMs hour;         ///< its begin, in UTC
  std::string metric_type;  ///< as UsageCount's
  std::uint64_t quantity = 0;
};

struct DailyUsage {
  std::chrono::sys_days day;  ///< in UTC
  std::uint64_t samples = 0;
  std::uint64_t predictions = 0;
  bool operator==(const DailyUsage&) const = default;
};

/// A calendar month in UTC.
struct BillingPeriod {
  TimestampMs begin;
  TimestampMs end;  ///< the begin of the next one
};
[[nodiscard]] BillingPeriod PeriodOf(TimestampMs now);

/// The begin of what `Summarize` needs to know: the month's, or the hour before this one where that is earlier.
[[nodiscard]] TimestampMs BeginOfInterest(TimestampMs now);

struct UsageSummary {
  std::uint64_t samples = 0;      ///< of this month so far
  std::uint64_t predictions = 0;  ///< the same
  /// Samples taken in, on average of this hour so far and the one before it.
  double samples_per_second = 0;
  std::vector<DailyUsage> days;  ///< each day of this month up to today, oldest first
};

/// `hours` in any order, also several of one hour. Kinds that are unknown here are left out.
[[nodiscard]] UsageSummary Summarize(const std::vector<HourlyUsage>& hours, TimestampMs now);

}  // namespace helios::billing
