// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <mutex>
#include <string>
#include <unordered_map>

#include "base/time.h"
#include "jobs/job_queue.h"
#include "pg/database.h"
#include "training/training_job.h"

namespace helios::training {

/// Trainings that Helios asks for by itself, because a metric's forecasts became poor or its series drifted: at most
/// one in six hours of each metric, also across processes and restarts, whatever the causes. Thread-safe.
class Retraining {
 public:
  static constexpr std::chrono::hours kBetween{6};

  /// All must outlive it.
  Retraining(pg::Database& database, const jobs::JobQueue& queue, const Clock& clock)
      : database_(database), queue_(queue), clock_(clock) {}

  /// Queues a training, if it is time for one; whether it did. Waits up to 5 s for the database: where that is away, it
  /// is logged, and the next call tries again.
  bool Ask(TenantId tenant, const std::string& metric, const TrainingCause& cause);

 private:
  pg::Database& database_;
  const jobs::JobQueue& queue_;
  const Clock& clock_;
  std::mutex mutex_;
  std::unordered_map<std::string, TimestampMs> asked_;  ///< by tenant and metric
};

}  // namespace helios::training
