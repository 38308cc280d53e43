// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "billing/usage_report.h"

#include <algorithm>

namespace helios::billing {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::hours;

std::chrono::sys_days BeginOfMonth(TimestampMs now) {
  const std::chrono::year_month_day today{floor<days>(now)};
  return std::chrono::sys_days{today.year() / today.month() / 1};
}

TimestampMs LastHour(TimestampMs now) {
  return floor<hours>(now) - hours{1};
}

}  // namespace

BillingPeriod PeriodOf(TimestampMs now) {
  const std::chrono::year_month_day first{BeginOfMonth(now)};
  return {.begin = std::chrono::sys_days{first}, .end = std::chrono::sys_days{first + std::chrono::months{1}}};
}

TimestampMs BeginOfInterest(TimestampMs now) {
  return std::min<TimestampMs>(PeriodOf(now).begin, LastHour(now));
}

UsageSummary Summarize(const std::vector<HourlyUsage>& hours_used, TimestampMs now) {
  const std::chrono::sys_days begin = BeginOfMonth(now);
  const TimestampMs recent = LastHour(now);
  UsageSummary summary;
  for (auto day = begin; day <= now; day += days{1}) summary.days.push_back({.day = day});
  std::uint64_t recent_samples = 0;
  for (const HourlyUsage& used : hours_used) {
    const bool samples = used.metric_type == "samples";
    if (used.hour > now || (!samples && used.metric_type != "predictions")) continue;
    if (samples && used.hour >= recent) recent_samples += used.quantity;
    if (used.hour < begin) continue;
    DailyUsage& day = summary.days[static_cast<std::size_t>((floor<days>(used.hour) - begin).count())];
    (samples ? day.samples : day.predictions) += used.quantity;
    (samples ? summary.samples : summary.predictions) += used.quantity;
  }
  const std::chrono::duration<double> over = now - recent;
  summary.samples_per_second = static_cast<double>(recent_samples) / over.count();
  return summary;
}

}  // namespace helios::billing
