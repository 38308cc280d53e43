// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace date {
class time_zone;
}  // namespace date

namespace helios::jobs {

/// What a clock on the wall shows, in minutes since 1970-01-01 00:00 of that clock.
using LocalMinutes = std::chrono::local_time<std::chrono::minutes>;

/// From `at` on, local time is UTC plus `offset`.
struct OffsetChange {
  TimestampMs at;
  std::chrono::seconds offset;
};

/// A zone of the system's IANA database (tzdata), which is read once a process. Cheap to copy. Thread-safe.
class TimeZone {
 public:
  /// Errors: kInvalidArgument jobs.unknown_time_zone.
  [[nodiscard]] static Result<TimeZone> Find(std::string_view name);

  /// The wall's clock at `time`, cut to the minute.
  [[nodiscard]] LocalMinutes ToLocal(TimestampMs time) const;

  /// When a clock on the wall first shows `local`; where it never does, for it is skipped, the moment of the skip.
  [[nodiscard]] TimestampMs FirstTime(LocalMinutes local) const;

  /// A stretch of time that the wall's clock shows for the second time, [begin, end).
  struct Repeated {
    TimestampMs begin;
    TimestampMs end;
  };
  /// The first such stretch that ends after `time`, if it begins before `before`; else one with begin == end.
  [[nodiscard]] Repeated NextRepeated(TimestampMs time, TimestampMs before) const;

  /// The offset at `first`, told as a change at `first`, and each change after it up to and with `last`.
  [[nodiscard]] std::vector<OffsetChange> Offsets(TimestampMs first, TimestampMs last) const;

 private:
  explicit TimeZone(const date::time_zone* zone) : zone_(zone) {}
  const date::time_zone* zone_;
};

}  // namespace helios::jobs
