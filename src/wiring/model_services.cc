// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "wiring/model_services.h"

#include <algorithm>
#include <iterator>

#include "wiring/names.h"

namespace helios::wiring {

ModelServices::ModelServices(const Platform& platform, objects::ObjectStore& objects, const jobs::JobQueue& queue,
                             inference::PredictionLog& prediction_log)
    : registry_(platform.database, platform.random),
      artifacts_(objects),
      served_models_(platform.database, registry_, artifacts_, queue),
      excluded_spans_(platform.database),
      training_resources_(registry_, artifacts_, excluded_spans_, queue, platform.clock),
      training_(training::TrainingService::Needs{.database = platform.database,
                                                 .registry = registry_,
                                                 .samples = platform.store,
                                                 .queue = queue,
                                                 .audit = platform.audit,
                                                 .cursors = platform.cursors}),
      custom_models_({platform.database, platform.random, platform.store, queue, platform.audit, platform.cursors}),
      catalog_(registry_, served_models_),
      prediction_meter_(platform.store),
      inference_(platform.store, catalog_, prediction_meter_, prediction_log, &withdrawals_),
      forecast_source_(inference_.predictor()),
      model_directory_(registry_),
      accuracy_(platform.store, ledger_, model_directory_, platform.cursors),
      training_requests_(platform.database, queue, platform.clock) {}

void ModelServices::StartForecasts(const Platform& platform, const ServeConfig& config) {
  if (!config.forecasts.enabled) return;
  accuracy_runner_ = std::make_unique<accuracy::AccuracyRunner>(
      platform.store, platform.clock, forecast_source_, ledger_, platform.metrics, &training_requests_,
      accuracy::AccuracyRunner::Config{.file = config.data_dir / kAccuracyFile,
                                       .every = config.forecasts.every,
                                       .series = config.forecasts.series,
                                       .cpu_percent = config.forecasts.cpu_percent});
}

void ModelServices::AddRoutesTo(tenancy::Routes& routes) {
  std::ranges::move(inference_.MakeRoutes(), std::back_inserter(routes));
  std::ranges::move(training_.MakeRoutes(), std::back_inserter(routes));
  std::ranges::move(custom_models_.MakeRoutes(), std::back_inserter(routes));
  std::ranges::move(accuracy_.MakeRoutes(), std::back_inserter(routes));
}

void ModelServices::Stop() {
  accuracy_runner_.reset();
}

}  // namespace helios::wiring
