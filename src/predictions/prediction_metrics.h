// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <prometheus/counter.h>

#include "obs/metrics.h"

namespace helios::predictions {

/// What the log of predictions tells of itself, in points: one of each series and horizon. Thread-safe.
struct PredictionMetrics {
  explicit PredictionMetrics(obs::Metrics& metrics)
      : kept(metrics.Counter("helios_predictions_kept_total", "Points of predictions written to the database.")),
        beyond_rate(NotKept(metrics, "rate")),
        queue_full(NotKept(metrics, "queue")),
        refused(NotKept(metrics, "refused")),
        met(metrics.Counter("helios_predictions_met_total", "Kept predictions that met their actual value.")),
        missed(metrics.Counter("helios_predictions_missed_total",
                               "Kept predictions of a moment that their series has no sample of.")) {}

  prometheus::Counter& kept;
  prometheus::Counter& beyond_rate;  ///< of a tenant that asks for more than is kept
  prometheus::Counter& queue_full;   ///< too many others waited, for the database was away
  prometheus::Counter& refused;      ///< by the database
  prometheus::Counter& met;
  prometheus::Counter& missed;

 private:
  static prometheus::Counter& NotKept(obs::Metrics& metrics, const char* why) {
    return metrics.Counter("helios_predictions_not_kept_total",
                           "Points of predictions that were answered and not written to the database.", {{"why", why}});
  }
};

}  // namespace helios::predictions
