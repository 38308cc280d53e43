// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "detection/watch_clock.h"

#include "jobs/zone_clock.h"

namespace helios::detection {

std::shared_ptr<const ZoneOfTenant> FindZone(const std::string& name) {
  static const auto kUtc = std::make_shared<const ZoneOfTenant>();
  if (name == kUtc->name) return kUtc;
  return std::make_shared<const ZoneOfTenant>(ZoneOfTenant{.name = name, .clock = jobs::ZoneClock(name)});
}

void WatchClock::Follow(const std::shared_ptr<const ZoneOfTenant>& zone, TimestampMs now) {
  if (!zone || zone == zone_) return;
  if (zone->name != zone_->name) shift_ += zone_->clock.OffsetAt(now) - zone->clock.OffsetAt(now);
  zone_ = zone;
}

}  // namespace helios::detection
