// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "jobs/job_leases.h"
#include "obs/metrics.h"

namespace helios::jobs::internal {

/// What the operator sees of the jobs; no tenant's name is in it. Thread-safe, but for ShowDepths().
class RunnerMetrics {
 public:
  explicit RunnerMetrics(obs::Metrics& metrics) : metrics_(metrics) {}

  /// `outcome`: succeeded, failed, dead, cancelled, retried, returned or lost.
  void CountAttempt(const std::string& kind, std::string_view outcome, std::chrono::duration<double> took);

  void CountDatabaseFailure();

  /// Kinds that were there before and are not now go to zero. From one thread.
  void ShowDepths(const std::vector<JobLeases::Depth>& depths);

 private:
  void ShowDepth(const JobLeases::Depth& depth);

  obs::Metrics& metrics_;
  std::set<std::string> kinds_;
};

}  // namespace helios::jobs::internal
