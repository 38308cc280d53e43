// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string>

#include "base/result.h"
#include "base/uuid.h"
#include "ml/forecast.h"
#include "tenancy/request_context.h"

namespace helios::inference {

/// The registry's row that answers for a metric's forecasts.
struct ModelReference {
  Uuid id;
  std::string name;
  int version = 1;
};

/// Where inference learns which model a forecast belongs to. Thread-safe.
class ModelCatalog {
 public:
  virtual ~ModelCatalog() = default;

  /// The active model of `metric`, registered now where there is none: `forecast` says what it is.
  [[nodiscard]] virtual Result<ModelReference> ActiveModel(const tenancy::RequestContext& context,
                                                           const std::string& metric,
                                                           const ml::SeriesForecast& forecast) = 0;
};

}  // namespace helios::inference
