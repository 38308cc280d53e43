// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "alerting/rule_evaluator.h"
#include "obs/metrics.h"
#include "pg/database.h"

namespace helios::alerting {

/// Evaluates every tenant's rules each `interval`, on one thread. Any number of processes may: who writes first counts,
/// and the other's evaluation is dropped.
class EvaluationRunner {
 public:
  /// All must outlive the runner. Starts at once.
  EvaluationRunner(RuleEvaluator& evaluator, pg::Database& database, obs::Metrics& metrics,
                   std::chrono::milliseconds interval);
  ~EvaluationRunner();  ///< as Stop()
  EvaluationRunner(const EvaluationRunner&) = delete;
  EvaluationRunner& operator=(const EvaluationRunner&) = delete;

  void Stop();  ///< lets the rule in hand be finished. Idempotent

 private:
  void Run();
  void EvaluateEverybody();
  [[nodiscard]] bool stopping();

  RuleEvaluator& evaluator_;
  pg::Database& database_;
  const std::chrono::milliseconds interval_;
  prometheus::Counter& evaluated_;
  prometheus::Counter& failed_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace helios::alerting
