// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "alerting/forecast_source.h"
#include "inference/predictor.h"

namespace helios::wiring {

/// Answers alerting's question for forecasts with inference's.
class ForecastSourceAdapter final : public alerting::ForecastSource {
 public:
  /// Both must outlive the adapter.
  ForecastSourceAdapter(const tsdb::SampleStore& store, inference::ModelCatalog& catalog)
      : predictor_(store, catalog) {}

  [[nodiscard]] Result<std::vector<alerting::SeriesForecast>> Forecast(
      TenantId tenant, const tsdb::SeriesSelector& selector, const std::vector<std::chrono::minutes>& horizons,
      double level, TimestampMs now) override;

 private:
  inference::Predictor predictor_;
};

}  // namespace helios::wiring
