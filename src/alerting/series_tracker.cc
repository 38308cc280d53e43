// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/series_tracker.h"

#include <algorithm>

namespace helios::alerting {

std::string_view TrackStateName(TrackState state) {
  switch (state) {
    case TrackState::kOk: return "ok";
    case TrackState::kPending: return "pending";
    case TrackState::kFiring: return "firing";
  }
  return "ok";
}

TrackState ParseTrackState(std::string_view name) {
  if (name == "pending") return TrackState::kPending;
  return name == "firing" ? TrackState::kFiring : TrackState::kOk;
}

Edge Advance(Track& track, const Judged& judged, std::chrono::seconds hold) {
  if (track.last_time && judged.time <= *track.last_time) return Edge::kNone;
  const bool gap = track.last_time && judged.time - *track.last_time > kFresh;
  track.last_time = judged.time;
  if (!judged.holds) {
    const bool was_firing = track.state == TrackState::kFiring;
    track.state = TrackState::kOk;
    track.since.reset();
    track.excess = 0;
    return was_firing ? Edge::kResolves : Edge::kNone;
  }
  track.value = judged.value;
  if (track.state == TrackState::kFiring) {
    track.excess = std::max(track.excess, judged.excess);
    return Edge::kNone;
  }
  if (track.state == TrackState::kOk || gap) {
    track.state = TrackState::kPending;
    track.since = judged.time;
    track.excess = judged.excess;
  }
  track.excess = std::max(track.excess, judged.excess);
  if (judged.time - *track.since < hold) return Edge::kNone;
  track.state = TrackState::kFiring;
  return Edge::kFires;
}

}  // namespace helios::alerting
