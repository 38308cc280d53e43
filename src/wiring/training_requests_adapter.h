// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include "accuracy/training_requests.h"
#include "training/retraining.h"

namespace helios::wiring {

/// Has training train what accuracy finds poor.
class TrainingRequestsAdapter final : public accuracy::TrainingRequests {
 public:
  TrainingRequestsAdapter(pg::Database& database, const jobs::JobQueue& queue, const Clock& clock)
      : retraining_(database, queue, clock) {}

  void Ask(TenantId tenant, const std::string& metric, const accuracy::TrainingReason& reason) override {
    retraining_.Ask(tenant, metric, {.kind = reason.kind, .detail = reason.detail});
  }

 private:
  training::Retraining retraining_;
};

}  // namespace helios::wiring
