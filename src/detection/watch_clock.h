// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ml/local_clock.h"

namespace helios::detection {

/// A time zone by its IANA name. Immutable.
struct ZoneOfTenant {
  std::string name = "UTC";
  ml::LocalClock clock;
};

/// The zone, or the clocks of UTC under that name where it is not known here. Never null.
[[nodiscard]] std::shared_ptr<const ZoneOfTenant> FindZone(const std::string& name);

/// The clock that the days of a tenant's series follow: its zone's, so that a job of each morning stays where it is
/// when the clock is put forward or back. Another zone is taken over without a jump: what the series' states know of
/// the day stays true, for which hour the clock shows counts for nothing, and from there on it moves as the new zone's
/// does.
class WatchClock {
 public:
  WatchClock() : WatchClock("UTC", std::chrono::seconds{0}) {}
  /// As it was saved.
  WatchClock(const std::string& zone, std::chrono::seconds shift) : zone_(FindZone(zone)), shift_(shift) {}

  /// How far it is ahead of UTC.
  [[nodiscard]] std::chrono::seconds OffsetAt(TimestampMs time) const { return zone_->clock.OffsetAt(time) + shift_; }

  /// Goes by `zone` from `now` on; null changes nothing.
  void Follow(const std::shared_ptr<const ZoneOfTenant>& zone, TimestampMs now);

  [[nodiscard]] const std::string& zone() const { return zone_->name; }
  [[nodiscard]] std::chrono::seconds shift() const { return shift_; }  ///< what it is ahead of its zone

 private:
  std::shared_ptr<const ZoneOfTenant> zone_;
  std::chrono::seconds shift_;
};

}  // namespace helios::detection
