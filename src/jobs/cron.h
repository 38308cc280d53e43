// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "jobs/time_zone.h"

namespace helios::jobs {

/// Minutes that a schedule is for: five fields, "minute hour day-of-month month day-of-week".
///
///   field          values                 names
///   minute         0-59
///   hour           0-23
///   day of month   1-31
///   month          1-12                   jan … dec
///   day of week    0-7, 0 and 7 Sunday    sun … sat
///
/// A field is *, or a list of values and ranges joined by commas, each range or * with a step: "1-5", "*/15",
/// "8-18/2,22". Names are in any case. As in POSIX, where both days are restricted (neither is *), a day that fits one
/// of them fits.
///
/// In a zone with daylight saving: a minute that is skipped is taken at the first moment after the gap; one that comes
/// twice is taken the first time. A schedule for every hour (* in the hour field) goes by time elapsed instead: it also
/// runs in the repeated hour.
///
/// A value. Thread-safe.
class Cron {
 public:
  /// Errors: kInvalidArgument jobs.bad_cron, which says which field and why; also for a date that never comes, such as
  /// the 30th of February.
  [[nodiscard]] static Result<Cron> Parse(std::string_view text);

  /// The first time after `after`; within nine years, or nullopt.
  [[nodiscard]] std::optional<TimestampMs> Next(TimestampMs after, const TimeZone& zone) const;

 private:
  [[nodiscard]] bool FitsDay(std::chrono::local_days day) const;
  [[nodiscard]] bool Fits(LocalMinutes local) const;
  /// In the order of the wall's clock, without the second run of a repeated hour.
  [[nodiscard]] std::optional<TimestampMs> NextByTheWall(TimestampMs after, const TimeZone& zone) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = false;      ///< the day of the month is *
  bool any_weekday_ = false;  ///< the day of the week is *
};

}  // namespace helios::jobs
