// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"
#include "tsdb/series.h"

namespace helios::alerting {

struct ForecastStep {
  TimestampMs time;
  double value = 0;
  double lower = 0;
  double upper = 0;
};

struct SeriesForecast {
  tsdb::SeriesKey key;
  std::vector<ForecastStep> steps;  ///< by time
};

/// Where alerting learns what comes next. Thread-safe.
class ForecastSource {
 public:
  virtual ~ForecastSource() = default;

  /// Forecasts of the series meant, at the horizons, with intervals that hold `level` of the values; series that cannot
  /// be forecast now are left out. Errors: those of the source.
  [[nodiscard]] virtual Result<std::vector<SeriesForecast>> Forecast(TenantId tenant,
                                                                     const tsdb::SeriesSelector& selector,
                                                                     const std::vector<std::chrono::minutes>& horizons,
                                                                     double level, TimestampMs now) = 0;
};

}  // namespace helios::alerting
