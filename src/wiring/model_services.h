// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <memory>

#include "accuracy/accuracy_runner.h"
#include "accuracy/accuracy_service.h"
#include "inference/inference_service.h"
#include "jobs/job_queue.h"
#include "objects/object_store.h"
#include "training/custom_model_service.h"
#include "training/training_service.h"
#include "wiring/accuracy_adapters.h"
#include "wiring/excluded_spans_adapter.h"
#include "wiring/job_kinds.h"
#include "wiring/model_catalog_adapter.h"
#include "wiring/platform.h"
#include "wiring/prediction_meter_adapter.h"
#include "wiring/serve_config.h"
#include "wiring/training_requests_adapter.h"

namespace helios::wiring {

/// From training over forecasts to what became of them. Members are declared in the order they are built in.
class ModelServices {
 public:
  /// All must outlive it.
  ModelServices(const Platform& platform, objects::ObjectStore& objects, const jobs::JobQueue& queue,
                inference::PredictionLog& prediction_log);

  /// Starts the scheduled forecasts, where the configuration wants them.
  void StartForecasts(const Platform& platform, const ServeConfig& config);

  void AddRoutesTo(tenancy::Routes& routes);
  [[nodiscard]] TrainingResources& training_resources() { return training_resources_; }
  [[nodiscard]] ModelCatalogAdapter& catalog() { return catalog_; }
  [[nodiscard]] detection::DriftListener& drift_listener() { return training_requests_; }

  /// Ends the scheduled forecasts and saves the ledger. Idempotent.
  void Stop();

 private:
  training::ModelRegistry registry_;
  training::ModelArtifacts artifacts_;
  training::ServedModels served_models_;
  ExcludedSpansAdapter excluded_spans_;
  TrainingResources training_resources_;
  training::TrainingService training_;
  training::CustomModelService custom_models_;
  ModelCatalogAdapter catalog_;
  PredictionMeterAdapter prediction_meter_;
  accuracy::Ledger ledger_;
  WithdrawalsAdapter withdrawals_{ledger_};
  inference::InferenceService inference_;
  ScheduledForecastsAdapter forecast_source_;
  ModelDirectoryAdapter model_directory_;
  accuracy::AccuracyService accuracy_;
  TrainingRequestsAdapter training_requests_;
  std::unique_ptr<accuracy::AccuracyRunner> accuracy_runner_;
};

}  // namespace helios::wiring
