// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "alerting/evaluation_runner.h"

#include <prometheus/counter.h>

#include "obs/log.h"
#include "tenancy/placement.h"

namespace helios::alerting {

EvaluationRunner::EvaluationRunner(RuleEvaluator& evaluator, pg::Database& database, obs::Metrics& metrics,
                                   std::chrono::milliseconds interval)
    : evaluator_(evaluator),
      database_(database),
      interval_(interval),
      evaluated_(metrics.Counter("helios_alert_rules_evaluated_total", "Evaluations of alert rules.")),
      failed_(metrics.Counter("helios_alert_evaluations_failed_total", "Looks at a tenant's rules that failed.")),
      thread_([this] { Run(); }) {}

EvaluationRunner::~EvaluationRunner() {
  Stop();
}

void EvaluationRunner::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool EvaluationRunner::stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void EvaluationRunner::Run() {
  while (!stopping()) {
    EvaluateEverybody();
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, interval_, [this] { return stopping_; });
  }
}

void EvaluationRunner::EvaluateEverybody() {
  const auto tenants = tenancy::PlacedTenants(database_, pg::kNoDeadline);
  if (!tenants) return obs::LogFailure("alerts.evaluation_waits", tenants.error());
  for (const TenantId tenant : *tenants) {
    if (stopping()) return;
    // A little less than the interval, so that a look that comes early does not leave a rule out until the next one.
    const auto done = evaluator_.EvaluateDue(tenant, interval_ * 9 / 10);
    if (done) {
      evaluated_.Increment(static_cast<double>(*done));
      continue;
    }
    failed_.Increment();
    obs::LogFailure("alerts.evaluation_waits", done.error(), {{"org_id", tenant.ToString()}});
    if (done.error().code == ErrorCode::kUnavailable) return;
  }
}

}  // namespace helios::alerting
