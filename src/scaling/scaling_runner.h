// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/time.h"
#include "scaling/evaluator.h"

namespace helios::scaling {

/// Evaluates every tenant's scaling targets each minute, on a thread of its own; a target that is new or was changed
/// within `period`.
class ScalingRunner {
 public:
  /// `tenants` gives those that may have targets with samples. All must outlive the runner.
  ScalingRunner(const tsdb::SampleStore& store, pg::Database& database, const Clock& clock, AdviceSink& sink,
                std::function<std::vector<TenantId>()> tenants,
                std::chrono::milliseconds period = std::chrono::seconds{10});
  ~ScalingRunner();  ///< as Stop()
  ScalingRunner(const ScalingRunner&) = delete;
  ScalingRunner& operator=(const ScalingRunner&) = delete;

  void Stop();  ///< idempotent

 private:
  void Run();
  void EvaluateAll();
  [[nodiscard]] bool Stopping();

  Evaluator evaluator_;
  const Clock& clock_;
  const std::function<std::vector<TenantId>()> tenants_;
  const std::chrono::milliseconds period_;
  TimestampMs forgot_at_{};
  bool away_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace helios::scaling
