// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/train_nightly.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

#include "training/sweep_artifacts.h"
#include "training/training_job.h"
#include "training/training_settings.h"

namespace helios::training {

Result<std::string> TrainNightly::Run(jobs::JobContext& context) {
  std::vector<std::string> metrics = samples_.MetricNames(context.tenant());
  std::erase_if(metrics, [](const std::string& metric) { return metric.starts_with("helios:"); });
  HELIOS_TRY(auto tx, context.Begin());
  HELIOS_TRY(const TrainingSettings settings, ReadSettings(tx));
  metrics = InOrder(std::move(metrics), settings.first_metrics);
  TimestampMs at = clock_.Now();
  for (const std::string& metric : metrics) {
    jobs::NewJob job = TrainingJob({.metric = metric});
    job.run_at = at;
    HELIOS_CHECK(queue_.Enqueue(tx, job, at));
    at += std::chrono::milliseconds{1};  // so that they run in this order
  }
  const jobs::NewJob sweep{.kind = std::string(kSweepArtifacts), .pending_key = "nightly", .run_at = at};
  HELIOS_CHECK(queue_.Enqueue(tx, sweep, at));
  std::string result = boost::json::serialize(boost::json::object{{"metrics", metrics.size()}});
  HELIOS_CHECK(context.SucceedIn(tx, result));
  HELIOS_CHECK(tx.Commit());
  return result;
}

}  // namespace helios::training
