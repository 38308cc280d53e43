// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <span>

#include "base/result.h"
#include "base/uuid.h"
#include "ml/forecast.h"
#include "tsdb/series.h"

namespace helios::accuracy {

/// Who forecasts a stored series; inference does. What it says is the model's own forecast, also where that is
/// withdrawn: otherwise it could never win again.
class ForecastSource {
 public:
  virtual ~ForecastSource() = default;

  /// Errors: kFailedPrecondition where the series cannot be forecast, such as one with too little history; others where
  /// something is broken.
  [[nodiscard]] virtual Result<ml::SeriesForecast> Forecast(TenantId tenant, const tsdb::SeriesInfo& series,
                                                            std::span<const std::chrono::minutes> horizons,
                                                            TimestampMs now) = 0;
};

}  // namespace helios::accuracy
