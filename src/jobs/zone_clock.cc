// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/zone_clock.h"

#include <utility>

#include "jobs/time_zone.h"

namespace helios::jobs {
namespace {

constexpr TimestampMs kFirst = FromUnixMs(946'684'800'000);   // 2000-01-01
constexpr TimestampMs kLast = FromUnixMs(4'102'444'800'000);  // 2100-01-01

}  // namespace

ml::LocalClock ZoneClock(std::string_view zone) {
  const auto found = TimeZone::Find(zone);
  if (!found) return {};
  std::vector<ml::ClockChange> changes;
  for (const OffsetChange& change : found->Offsets(kFirst, kLast)) {
    changes.push_back({.from = change.at, .offset = change.offset});
  }
  auto clock = ml::LocalClock::Make(std::move(changes));
  return clock ? *std::move(clock) : ml::LocalClock();
}

}  // namespace helios::jobs
