// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <string>

#include "obs/metrics.h"

namespace helios::live {

/// What live mode tells of itself. Thread-safe.
struct LiveMetrics {
  explicit LiveMetrics(obs::Metrics& metrics)
      : registry(metrics),
        streams(metrics.Gauge("helios_live_streams", "Streams of server-sent events that are open.")),
        topics(metrics.Gauge("helios_live_topics", "Different sets of series that open streams ask for.")),
        gaps(
            metrics.Counter("helios_live_gaps_total", "Gaps told to readers that were too slow or away for too long.")),
        refused(metrics.Counter("helios_live_refused_total", "Streams refused because too many were open.")),
        ended(metrics.Counter("helios_live_ended_total", "Streams ended because their credential no longer held.")),
        round(metrics.Histogram("helios_live_round_seconds", "One look for new samples of every stream.",
                                obs::kLatencyBounds)) {}

  /// Events put into streams, by name.
  [[nodiscard]] prometheus::Counter& Events(const std::string& name) const {
    return registry.Counter("helios_live_events_total", "Events sent into streams.", {{"event", name}});
  }

  obs::Metrics& registry;
  prometheus::Gauge& streams;
  prometheus::Gauge& topics;
  prometheus::Counter& gaps;
  prometheus::Counter& refused;
  prometheus::Counter& ended;
  prometheus::Histogram& round;
};

}  // namespace helios::live
