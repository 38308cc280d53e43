// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include "obs/metrics.h"

namespace helios::detection {

/// What detection tells of itself. Thread-safe.
struct DetectionMetrics {
  explicit DetectionMetrics(obs::Metrics& metrics)
      : scored(metrics.Counter("helios_detection_scored_samples_total", "Samples scored by the detector.")),
        caught_up(metrics.Counter("helios_detection_caught_up_samples_total",
                                  "Samples read from the store after a restart, and scored.")),
        behind(Skipped(metrics, "behind")),
        no_room(Skipped(metrics, "no_room")),
        not_scored(Skipped(metrics, "no_value")),
        lag(metrics.Histogram(
            "helios_detection_lag_seconds",
            "From a sample's arrival to its score, once for each group of samples that became durable "
            "together.",
            kLagBounds)),
        series(metrics.Gauge("helios_detection_series", "Series whose state is in memory.")),
        waiting(metrics.Gauge("helios_detection_waiting_anomalies", "Anomalies that the database does not have yet.")),
        behind_series(metrics.Gauge("helios_detection_series_behind",
                                    "Series whose samples are still to be read from the store.")),
        written(metrics.Counter("helios_detection_anomalies_total",
                                "Anomalies written to the database for the first time.")),
        like_false(Suppressed(metrics, "false_positive")),
        over_budget(Suppressed(metrics, "budget")),
        written_scores(metrics.Counter("helios_detection_score_samples_total",
                                       "Scores written into the sample store as series of their own.")),
        unwritten_scores(metrics.Counter("helios_detection_unwritten_scores_total",
                                         "Scores that the sample store did not take, or that no series can hold.")),
        dropped(metrics.Counter("helios_detection_dropped_anomalies_total",
                                "Anomalies that the database refused, or that too many others waited before.")) {}

  prometheus::Counter& scored;
  prometheus::Counter& caught_up;
  prometheus::Counter& behind;      ///< skipped, because detection fell too far behind
  prometheus::Counter& no_room;     ///< skipped, of series beyond the memory's limit
  prometheus::Counter& not_scored;  ///< NaN, infinite, or not newer than the one before
  prometheus::Histogram& lag;
  prometheus::Gauge& series;
  prometheus::Gauge& waiting;
  prometheus::Gauge& behind_series;
  prometheus::Counter& written;
  prometheus::Counter& like_false;
  prometheus::Counter& over_budget;
  prometheus::Counter& written_scores;
  prometheus::Counter& unwritten_scores;
  prometheus::Counter& dropped;

 private:
  static inline const std::vector<double> kLagBounds = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
                                                        0.5,   1,     2,     5,    10,   30,   60,  300};
  static prometheus::Counter& Skipped(obs::Metrics& metrics, const char* why) {
    return metrics.Counter("helios_detection_skipped_samples_total", "Samples that were not scored.", {{"why", why}});
  }
  static prometheus::Counter& Suppressed(obs::Metrics& metrics, const char* why) {
    return metrics.Counter("helios_detection_suppressed_anomalies_total", "Anomalies found and not reported.",
                           {{"why", why}});
  }
};

}  // namespace helios::detection
