// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "inference/prediction_log.h"
#include "inference/prediction_meter.h"
#include "inference/predictor.h"
#include "tenancy/route.h"

namespace helios::inference {

/// POST /api/v1/predict. Thread-safe.
class InferenceService {
 public:
  /// All must outlive the service. `meter` hears of each answer that has predictions, `log` of each prediction.
  InferenceService(const tsdb::SampleStore& store, ModelCatalog& catalog, PredictionMeter& meter, PredictionLog& log,
                   const Withdrawals* withdrawals = nullptr)
      : predictor_(store, catalog, withdrawals), meter_(meter), log_(log) {}

  [[nodiscard]] tenancy::Routes MakeRoutes();
  /// For those who forecast within the process.
  [[nodiscard]] Predictor& predictor() { return predictor_; }

 private:
  [[nodiscard]] Result<http::Response> Predict(const http::Request& request, const tenancy::RequestContext& context);

  Predictor predictor_;
  PredictionMeter& meter_;
  PredictionLog& log_;
};

/// The answer to POST /predict.
[[nodiscard]] boost::json::object ToJson(const Prediction& prediction);

}  // namespace helios::inference
