// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "inference/prediction_meter.h"
#include "tsdb/embedded_store.h"

namespace helios::wiring {

/// Counts inference's predictions in the store's journal, as samples are.
class PredictionMeterAdapter final : public inference::PredictionMeter {
 public:
  explicit PredictionMeterAdapter(tsdb::EmbeddedStore& store) : store_(store) {}

  void CountPredictions(TenantId tenant, std::uint64_t series) override {
    store_.CountUsage(tenant, tsdb::UsageKind::kPredictions, series);
  }

 private:
  tsdb::EmbeddedStore& store_;
};

}  // namespace helios::wiring
