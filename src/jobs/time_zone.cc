// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/time_zone.h"

#include <date/tz.h>

#include <algorithm>
#include <stdexcept>

namespace helios::jobs {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

date::sys_seconds SecondsOf(TimestampMs time) {
  return std::chrono::floor<seconds>(date::sys_time<std::chrono::milliseconds>{time.time_since_epoch()});
}

TimestampMs TimestampOf(date::sys_seconds time) {
  return TimestampMs{std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch())};
}

date::local_seconds LocalOf(LocalMinutes local) {
  return date::local_seconds{local.time_since_epoch()};
}

// Where a table of transitions ends, its last stretch ends beyond what milliseconds can tell.
constexpr date::sys_seconds kFarAway{std::chrono::hours{24 * 365 * 1000}};

}  // namespace

Result<TimeZone> TimeZone::Find(std::string_view name) {
  // The library throws for what it does not find, and would follow a path out of its directory.
  const bool plain = !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
           c == '-' || c == '+';
  });
  if (plain) {
    try {
      return TimeZone(date::locate_zone(std::string(name)));
    } catch (const std::runtime_error&) {
    }
  }
  return Fail(ErrorCode::kInvalidArgument, "jobs.unknown_time_zone",
              "cannot use the time zone '{}': this system knows none of that name; want an IANA name, such as "
              "Europe/Berlin",
              name.substr(0, 64));
}

LocalMinutes TimeZone::ToLocal(TimestampMs time) const {
  return LocalMinutes{std::chrono::floor<minutes>(zone_->to_local(SecondsOf(time)).time_since_epoch())};
}

TimestampMs TimeZone::FirstTime(LocalMinutes local) const {
  const date::local_info info = zone_->get_info(LocalOf(local));
  if (info.result == date::local_info::nonexistent) return TimestampOf(info.first.end);
  return TimestampOf(date::sys_seconds{LocalOf(local).time_since_epoch() - info.first.offset});
}

TimeZone::Repeated TimeZone::NextRepeated(TimestampMs time, TimestampMs before) const {
  date::sys_info here = zone_->get_info(SecondsOf(time));
  // The stretch of a change that is just over, first.
  if (here.begin > -kFarAway.time_since_epoch() + date::sys_seconds{}) {
    const date::sys_info earlier = zone_->get_info(here.begin - seconds{1});
    const TimestampMs begin = TimestampOf(here.begin);
    const TimestampMs end = begin + (earlier.offset - here.offset);
    if (end > time) return {begin, end};
  }
  while (here.end < kFarAway && TimestampOf(here.end) < before) {
    const date::sys_info later = zone_->get_info(here.end);
    if (later.offset < here.offset) {
      const TimestampMs begin = TimestampOf(here.end);
      return {begin, begin + (here.offset - later.offset)};
    }
    here = later;
  }
  return {time, time};
}

std::vector<OffsetChange> TimeZone::Offsets(TimestampMs first, TimestampMs last) const {
  date::sys_info here = zone_->get_info(SecondsOf(first));
  std::vector<OffsetChange> changes = {{first, here.offset}};
  while (here.end < kFarAway && TimestampOf(here.end) <= last) {
    const TimestampMs at = TimestampOf(here.end);
    here = zone_->get_info(here.end);
    if (here.offset != changes.back().offset) changes.push_back({at, here.offset});
  }
  return changes;
}

}  // namespace helios::jobs
