// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/uuid.h"
#include "ml/forecast.h"
#include "tenancy/request_context.h"
#include "tsdb/series.h"

namespace helios::inference {

/// The registry's row that answers for a metric's forecasts.
struct ModelReference {
  Uuid id;
  std::string name;
  int version = 1;
};

/// A series' part of a trained model.
struct FoundPart {
  std::optional<std::string> part = std::nullopt;  ///< none: it has none, or
  std::optional<Error> unusable = std::nullopt;    ///< why it cannot be had now
};

/// Where inference learns which model a forecast belongs to. Thread-safe.
class ModelCatalog {
 public:
  virtual ~ModelCatalog() = default;

  /// The active model of `metric`, registered now where there is none: `forecast` says what it is.
  [[nodiscard]] virtual Result<ModelReference> ActiveModel(const tenancy::RequestContext& context,
                                                           const std::string& metric,
                                                           const ml::SeriesForecast& forecast) = 0;

  /// The active model of `metric`, if it was trained: its series have parts (ml/model_bundle.h). Cheap.
  [[nodiscard]] virtual Result<std::optional<ModelReference>> TrainedModel(const tenancy::RequestContext& context,
                                                                           const std::string& metric) = 0;

  /// The part of a series in a trained model.
  [[nodiscard]] virtual FoundPart FindPart(const tenancy::RequestContext& context, const tsdb::SeriesKey& series) = 0;

  /// A part of the metric's trained model could not be restored.
  virtual void ReportUnusable(const tenancy::RequestContext& context, const std::string& metric,
                              const Error& error) = 0;
};

}  // namespace helios::inference
