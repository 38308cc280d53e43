// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "inference/prediction_log.h"
#include "predictions/prediction_book.h"

namespace helios::wiring {

/// Has the predictions that inference answers kept.
class PredictionLogAdapter final : public inference::PredictionLog {
 public:
  explicit PredictionLogAdapter(predictions::PredictionBook& book) : book_(book) {}

  void Keep(TenantId tenant, const inference::Prediction& prediction, double level, TimestampMs now) override {
    const auto model = prediction.model ? std::optional(prediction.model->id) : std::nullopt;
    book_.Keep(tenant, prediction.key, model, prediction.forecast, level, now);
  }

 private:
  predictions::PredictionBook& book_;
};

}  // namespace helios::wiring
