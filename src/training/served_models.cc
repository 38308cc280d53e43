// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#include "training/served_models.h"

#include <utility>

#include "obs/log.h"
#include "training/training_job.h"

namespace helios::training {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::minutes kBetweenRetrainings{10};
constexpr std::size_t kMostRemembered = 100'000;

}  // namespace

Result<std::optional<Model>> ServedModels::FindTrained(const tenancy::RequestContext& context,
                                                       const std::string& metric) {
  HELIOS_TRY(auto model, registry_.FindActive(context.tenant, metric, context.deadline));
  if (model && !model->artifact_path) return std::nullopt;
  return model;
}

Result<std::optional<std::string>> ServedModels::FindPart(const tenancy::RequestContext& context, const Model& model,
                                                          const tsdb::SeriesKey& series) {
  const auto loaded = artifacts_.Load(context.tenant, model);
  if (!loaded) {
    ReportUnusable(context, model.target_metric, loaded.error());
    return std::unexpected(loaded.error());
  }
  const auto part = (*loaded)->bundle->Part(PartKey(series));
  if (part) return std::string(*part);
  if (part.error().code == ErrorCode::kNotFound) return std::nullopt;
  ReportUnusable(context, model.target_metric, part.error());
  return std::unexpected(part.error());
}

bool ServedModels::TurnToRetrain(const std::string& key) {
  const auto now = steady_clock::now();
  const std::scoped_lock lock(mutex_);
  if (retrained_.size() >= kMostRemembered) retrained_.clear();
  const auto [at, added] = retrained_.try_emplace(key, now);
  if (!added && now - at->second < kBetweenRetrainings) return false;
  at->second = now;
  return true;
}

void ServedModels::ReportUnusable(const tenancy::RequestContext& context, const std::string& metric,
                                  const Error& error) {
  const std::string key = context.tenant.ToString() + metric;
  if (!IsLost(error)) {
    obs::LogFailure("models.unavailable", error, {{"org_id", context.tenant.ToString()}, {"metric", metric}});
    return;
  }
  if (!TurnToRetrain(key)) return;
  obs::LogFailure("models.lost", error, {{"org_id", context.tenant.ToString()}, {"metric", metric}});
  const auto job =
      TrainingJob({.metric = metric, .cause = TrainingCause{.kind = "artifact_lost", .detail = error.message}});
  const auto enqueue = [&]() -> Result<void> {
    HELIOS_TRY(auto tx, database_.Begin(context.tenant, context.deadline));
    HELIOS_CHECK(queue_.Enqueue(tx, job, context.now));
    return tx.Commit();
  };
  if (const auto queued = enqueue(); !queued) {
    obs::LogFailure("models.retraining_not_queued", queued.error(), {{"metric", metric}});
    const std::scoped_lock lock(mutex_);
    retrained_.erase(key);
  }
}

}  // namespace helios::training
