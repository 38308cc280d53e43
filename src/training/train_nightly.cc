// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/train_nightly.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

#include "base/hex.h"
#include "crypto/digest.h"
#include "training/train_metric.h"
#include "training/training_settings.h"

namespace helios::training {

jobs::NewJob TrainingJob(const std::string& metric, const std::string& labels, const std::optional<Uuid>& created_by) {
  boost::json::object payload{{"metric", metric}};
  if (labels != "{}") payload["labels"] = boost::json::parse(labels);
  jobs::NewJob job{.kind = std::string(kTrainMetric), .payload = boost::json::serialize(payload)};
  job.pending_key = ToHex(crypto::Sha256(job.payload));  // a name of any length within the key's bounds
  job.created_by = created_by;
  return job;
}

Result<std::string> TrainNightly::Run(jobs::JobContext& context) {
  std::vector<std::string> metrics = samples_.MetricNames(context.tenant());
  std::erase_if(metrics, [](const std::string& metric) { return metric.starts_with("helios:"); });
  HELIOS_TRY(auto tx, context.Begin());
  HELIOS_TRY(const TrainingSettings settings, ReadSettings(tx));
  metrics = InOrder(std::move(metrics), settings.first_metrics);
  TimestampMs at = clock_.Now();
  for (const std::string& metric : metrics) {
    jobs::NewJob job = TrainingJob(metric, "{}", std::nullopt);
    job.run_at = at;
    HELIOS_CHECK(queue_.Enqueue(tx, job, at));
    at += std::chrono::milliseconds{1};  // so that they run in this order
  }
  std::string result = boost::json::serialize(boost::json::object{{"metrics", metrics.size()}});
  HELIOS_CHECK(context.SucceedIn(tx, result));
  HELIOS_CHECK(tx.Commit());
  return result;
}

}  // namespace helios::training
