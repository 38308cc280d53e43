// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "scaling/scaling_runner.h"

#include <utility>

#include "obs/log.h"

namespace helios::scaling {

ScalingRunner::ScalingRunner(const tsdb::SampleStore& store, pg::Database& database, const Clock& clock,
                             AdviceSink& sink, std::function<std::vector<TenantId>()> tenants,
                             std::chrono::milliseconds period)
    : evaluator_(store, database, sink), clock_(clock), tenants_(std::move(tenants)), period_(period), thread_([this] {
        Run();
      }) {}

ScalingRunner::~ScalingRunner() {
  Stop();
}

void ScalingRunner::Stop() {
  {
    const std::scoped_lock lock(mutex_);
    if (std::exchange(stopping_, true)) return;
  }
  wake_.notify_all();
  thread_.join();
}

bool ScalingRunner::Stopping() {
  const std::scoped_lock lock(mutex_);
  return stopping_;
}

void ScalingRunner::Run() {
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, period_, [this] { return stopping_; })) {
    lock.unlock();
    EvaluateAll();
    lock.lock();
  }
}

void ScalingRunner::EvaluateAll() {
  const bool forget = clock_.Now() - forgot_at_ > std::chrono::hours{24};
  if (forget) forgot_at_ = clock_.Now();
  for (const TenantId tenant : tenants_()) {
    if (Stopping()) return;
    const auto evaluated = evaluator_.EvaluateTenant(tenant, clock_.Now(), [this] { return Stopping(); });
    if (!evaluated) {
      if (!std::exchange(away_, true)) obs::LogFailure("scaling.targets_wait", evaluated.error());
      return;  // the database is away: for every tenant
    }
    if (std::exchange(away_, false)) obs::LogInfo("scaling.targets_evaluated");
    if (!forget) continue;
    if (const auto forgot = evaluator_.Forget(tenant, clock_.Now()); !forgot) {
      obs::LogFailure("scaling.advice_not_forgotten", forgot.error());
    }
  }
}

}  // namespace helios::scaling
