// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include "obs/metrics.h"

namespace helios::accuracy {

/// What the scheduled forecasts tell of themselves. Thread-safe.
struct AccuracyMetrics {
  explicit AccuracyMetrics(obs::Metrics& metrics)
      : forecasts(metrics.Counter("helios_forecasts_scheduled_total", "Series forecast by rounds of the schedule.")),
        failed(metrics.Counter("helios_forecasts_failed_total",
                               "Series that a round could not forecast, those with too little history not counted.")),
        met(metrics.Counter("helios_forecasts_met_total", "Forecasts compared with their actual values.")),
        missed(metrics.Counter("helios_forecasts_missed_total",
                               "Forecasts whose moment passed without a sample to compare them with.")),
        unwritten(metrics.Counter("helios_forecasts_unwritten_total",
                                  "Forecasts that the sample store did not take as series of their own.")),
        no_room(metrics.Counter("helios_forecasts_no_room_total",
                                "Series that a round left out, for the ledger holds as many as it may.")),
        series(metrics.Gauge("helios_forecasts_series", "Series in the accuracy ledger.")),
        round_seconds(metrics.Gauge("helios_forecasts_round_seconds", "Duration of the last round.")),
        round_cpu_seconds(metrics.Gauge("helios_forecasts_round_cpu_seconds", "CPU time of the last round.")) {}

  prometheus::Counter& forecasts;
  prometheus::Counter& failed;
  prometheus::Counter& met;
  prometheus::Counter& missed;
  prometheus::Counter& unwritten;
  prometheus::Counter& no_room;
  prometheus::Gauge& series;
  prometheus::Gauge& round_seconds;
  prometheus::Gauge& round_cpu_seconds;
};

}  // namespace helios::accuracy
