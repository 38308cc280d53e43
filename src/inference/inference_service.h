// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "inference/predictor.h"
#include "tenancy/route.h"

namespace helios::inference {

/// POST /api/v1/predict. Thread-safe.
class InferenceService {
 public:
  /// Both must outlive the service.
  InferenceService(const tsdb::SampleStore& store, ModelCatalog& catalog) : predictor_(store, catalog) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();

 private:
  [[nodiscard]] Result<http::Response> Predict(const http::Request& request, const tenancy::RequestContext& context);

  Predictor predictor_;
};

/// The answer to POST /predict.
[[nodiscard]] boost::json::object ToJson(const Prediction& prediction);

}  // namespace helios::inference
