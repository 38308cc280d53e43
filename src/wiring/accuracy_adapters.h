// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "accuracy/accuracy_service.h"
#include "accuracy/forecast_source.h"
#include "accuracy/ledger.h"
#include "inference/predictor.h"
#include "inference/withdrawals.h"
#include "training/model_registry.h"

namespace helios::wiring {

/// Answers inference's question with the accuracy ledger.
class WithdrawalsAdapter final : public inference::Withdrawals {
 public:
  explicit WithdrawalsAdapter(const accuracy::Ledger& ledger) : ledger_(ledger) {}

  [[nodiscard]] std::optional<inference::Withdrawal> Find(TenantId tenant, tsdb::SeriesId series,
                                                          std::chrono::minutes horizon) const override;

 private:
  const accuracy::Ledger& ledger_;
};

/// Makes the scheduled forecasts with inference's predictor.
class ScheduledForecastsAdapter final : public accuracy::ForecastSource {
 public:
  explicit ScheduledForecastsAdapter(inference::Predictor& predictor) : predictor_(predictor) {}

  [[nodiscard]] Result<ml::SeriesForecast> Forecast(TenantId tenant, const tsdb::SeriesInfo& series,
                                                    std::span<const std::chrono::minutes> horizons,
                                                    TimestampMs now) override;

 private:
  inference::Predictor& predictor_;
};

/// Tells accuracy what training's registry knows of a model.
class ModelDirectoryAdapter final : public accuracy::ModelDirectory {
 public:
  explicit ModelDirectoryAdapter(training::ModelRegistry& registry) : registry_(registry) {}

  [[nodiscard]] Result<accuracy::JudgedModel> Find(const tenancy::RequestContext& context, const Uuid& id) override;

 private:
  training::ModelRegistry& registry_;
};

}  // namespace helios::wiring
