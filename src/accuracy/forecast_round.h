// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <functional>
#include <vector>

#include "accuracy/accuracy_metrics.h"
#include "accuracy/forecast_source.h"
#include "accuracy/ledger.h"
#include "accuracy/metric_accuracy.h"
#include "tsdb/embedded_store.h"

namespace helios::accuracy {

/// One pass over every active series: forecasts whose moment has passed meet their actual values, and the series is
/// forecast anew.
///
/// When a moment has passed is for the series' own samples to say, not for the clock: a forecast waits until its series
/// has a sample at its time or later. So what passed while the process was down is met from the store afterwards, and
/// a clock that jumps changes nothing. The actual value is the mean over the forecast's step, as it is stored then;
/// where the step is empty the forecast is dropped and counted as missed. A series without a new sample is not forecast
/// again, one silent for over an hour is not looked at, and Helios' own are no subject. A metric whose forecasts became
/// poor (metric_accuracy.h) is told to who trains.
///
/// One thread at a time.
class ForecastRound {
 public:
  /// All must outlive it. Without `requests` nobody is asked for a training.
  ForecastRound(const tsdb::EmbeddedStore& store, const Clock& clock, ForecastSource& source, Ledger& ledger,
                AccuracyMetrics& metrics, TrainingRequests* requests = nullptr)
      : store_(store), clock_(clock), source_(source), ledger_(ledger), metrics_(metrics), requests_(requests) {}

  /// What a series was forecast to be, as soon as it is.
  using Forecasted = std::function<void(TenantId, const tsdb::SeriesInfo&, const ml::SeriesForecast&)>;

  /// `pace` runs after each series; the round ends early where it says false.
  void Run(const std::function<bool()>& pace, const Forecasted& forecasted);

 private:
  void Visit(TenantId tenant, const tsdb::SeriesInfo& info, const Forecasted& forecasted, MetricAccuracy& metric);
  void MeetActuals(TenantId tenant, const tsdb::SeriesInfo& info, SeriesLedger& series);
  [[nodiscard]] Result<void> Forecast(TenantId tenant, const tsdb::SeriesInfo& info, SeriesLedger& series,
                                      const Forecasted& forecasted);
  [[nodiscard]] Result<std::vector<ml::Sample>> Read(TenantId tenant, tsdb::SeriesId series,
                                                     tsdb::TimeRange range) const;

  const tsdb::EmbeddedStore& store_;
  const Clock& clock_;
  ForecastSource& source_;
  Ledger& ledger_;
  AccuracyMetrics& metrics_;
  TrainingRequests* const requests_;
};

}  // namespace helios::accuracy
