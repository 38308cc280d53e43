// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/time.h"

namespace helios::alerting {

/// How it is with a rule and one series.
///
///   ok ──holds──▶ pending ──held long enough──▶ firing
///    ▲               │ does not hold               │ does not hold
///    └───────────────┴─────────────────────────────┘
enum class TrackState : std::uint8_t { kOk, kPending, kFiring };

/// "ok", "pending", "firing".
[[nodiscard]] std::string_view TrackStateName(TrackState state);
[[nodiscard]] TrackState ParseTrackState(std::string_view name);

/// A sample, or a look at a forecast, and what the rule says of it.
struct Judged {
  TimestampMs time;
  bool holds = false;
  double value = 0;   ///< in the series' unit
  double excess = 0;  ///< how far beyond the condition; ranks the series of an incident
};

struct Track {
  TrackState state = TrackState::kOk;
  std::optional<TimestampMs> since;      ///< the stretch's first sample for which the condition held
  std::optional<TimestampMs> last_time;  ///< the newest that was judged
  double value = 0;                      ///< of it, while the condition holds
  double excess = 0;                     ///< the stretch's largest
  bool operator==(const Track&) const = default;
};

enum class Edge : std::uint8_t { kNone, kFires, kResolves };

/// A sample may be this old when it arrives, and still alert; a longer gap ends a pending stretch.
inline constexpr std::chrono::minutes kFresh{10};

/// Takes the next one in; what is not newer than the one before changes nothing, so that judging the same samples again
/// has no effect. Fires when the condition held for `hold`, from the stretch's first sample to this one.
Edge Advance(Track& track, const Judged& judged, std::chrono::seconds hold);

}  // namespace helios::alerting
