// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "inference/model_catalog.h"
#include "training/model_registry.h"

namespace helios::wiring {

/// Answers inference's question with training's registry.
class ModelCatalogAdapter final : public inference::ModelCatalog {
 public:
  explicit ModelCatalogAdapter(training::ModelRegistry& registry) : registry_(registry) {}

  [[nodiscard]] Result<inference::ModelReference> ActiveModel(const tenancy::RequestContext& context,
                                                              const std::string& metric,
                                                              const ml::SeriesForecast& forecast) override;

 private:
  training::ModelRegistry& registry_;
};

}  // namespace helios::wiring
