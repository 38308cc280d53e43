// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <string_view>

#include "base/time.h"
#include "jobs/job_handler.h"
#include "jobs/job_queue.h"
#include "tsdb/sample_store.h"

namespace helios::training {

inline constexpr std::string_view kTrainNightly = "training.nightly";

/// Queues a training of each of the tenant's metrics, those of "forecast_metrics" first, and SweepArtifacts after them.
/// Result: {"metrics": 12}. Idempotent: the jobs and the success are one transaction.
class TrainNightly final : public jobs::JobHandler {
 public:
  /// All must outlive the handler.
  TrainNightly(const tsdb::SampleStore& samples, const jobs::JobQueue& queue, const Clock& clock)
      : samples_(samples), queue_(queue), clock_(clock) {}

  [[nodiscard]] Result<std::string> Run(jobs::JobContext& context) override;

 private:
  const tsdb::SampleStore& samples_;
  const jobs::JobQueue& queue_;
  const Clock& clock_;
};

}  // namespace helios::training
