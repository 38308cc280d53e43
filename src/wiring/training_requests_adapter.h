// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "accuracy/training_requests.h"
#include "detection/drift_listener.h"
#include "training/retraining.h"

namespace helios::wiring {

/// Has training train what accuracy finds poor and what detection finds drifted.
class TrainingRequestsAdapter final : public accuracy::TrainingRequests, public detection::DriftListener {
 public:
  TrainingRequestsAdapter(pg::Database& database, const jobs::JobQueue& queue, const Clock& clock)
      : retraining_(database, queue, clock) {}

  void Ask(TenantId tenant, const std::string& metric, const accuracy::TrainingReason& reason) override {
    retraining_.Ask(tenant, metric, {.kind = reason.kind, .detail = reason.detail});
  }
  [[nodiscard]] bool OnDrift(const detection::DriftedMetric& drift) override {
    return retraining_.Ask(drift.tenant, drift.metric,
                           {.kind = "drift",
                            .detail = fmt::format("the level of {} of its {} active series moved and stayed",
                                                  drift.shifted, drift.active)});
  }

 private:
  training::Retraining retraining_;
};

}  // namespace helios::wiring
