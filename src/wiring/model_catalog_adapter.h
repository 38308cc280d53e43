// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "inference/model_catalog.h"
#include "training/model_registry.h"
#include "training/served_models.h"

namespace helios::wiring {

/// Answers inference's questions with training's registry.
class ModelCatalogAdapter final : public inference::ModelCatalog {
 public:
  ModelCatalogAdapter(training::ModelRegistry& registry, training::ServedModels& served)
      : registry_(registry), served_(served) {}

  [[nodiscard]] Result<inference::ModelReference> ActiveModel(const tenancy::RequestContext& context,
                                                              const std::string& metric,
                                                              const ml::SeriesForecast& forecast) override;
  [[nodiscard]] Result<std::optional<inference::ModelReference>> TrainedModel(const tenancy::RequestContext& context,
                                                                              const std::string& metric) override;
  [[nodiscard]] inference::FoundPart FindPart(const tenancy::RequestContext& context,
                                              const tsdb::SeriesKey& series) override;
  void ReportUnusable(const tenancy::RequestContext& context, const std::string& metric, const Error& error) override;

 private:
  training::ModelRegistry& registry_;
  training::ServedModels& served_;
};

}  // namespace helios::wiring
