// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "jobs/internal/runner_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

namespace helios::jobs::internal {
namespace {

// A job takes from milliseconds to an hour.
const std::vector<double> kJobBounds = {0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600};

}  // namespace

void RunnerMetrics::CountAttempt(const std::string& kind, std::string_view outcome,
                                 std::chrono::duration<double> took) {
  metrics_
      .Counter("helios_job_attempts_total", "Attempts at jobs that ended in this process, by what became of them.",
               {{"kind", kind}, {"outcome", std::string(outcome)}})
      .Increment();
  metrics_.Histogram("helios_job_seconds", "How long attempts at jobs took.", kJobBounds, {{"kind", kind}})
      .Observe(took.count());
}

void RunnerMetrics::CountDatabaseFailure() {
  metrics_.Counter("helios_jobs_database_failures_total", "Times that the queue could not be reached.").Increment();
}

void RunnerMetrics::ShowDepth(const JobLeases::Depth& depth) {
  const obs::Metrics::Labels labels = {{"kind", depth.kind}};
  metrics_.Gauge("helios_jobs_waiting", "Jobs in the queue that nobody runs, of all tenants.", labels)
      .Set(static_cast<double>(depth.waiting));
  metrics_.Gauge("helios_jobs_running", "Jobs that some process runs.", labels).Set(static_cast<double>(depth.running));
  metrics_.Gauge("helios_jobs_oldest_due_seconds", "How long the job that is due the longest has waited.", labels)
      .Set(depth.oldest_due_seconds);
}

void RunnerMetrics::ShowDepths(const std::vector<JobLeases::Depth>& depths) {
  std::set<std::string> gone = kinds_;
  for (const JobLeases::Depth& depth : depths) {
    ShowDepth(depth);
    gone.erase(depth.kind);
    kinds_.insert(depth.kind);
  }
  for (const std::string& kind : gone) ShowDepth({.kind = kind});
}

}  // namespace helios::jobs::internal
