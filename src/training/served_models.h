// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

#include "jobs/job_queue.h"
#include "training/model_artifacts.h"
#include "training/model_registry.h"

namespace helios::training {

/// What serves forecasts: the active version of a metric, and a series' part of its artifact. What cannot be read is
/// told in the log; where it is lost, a training of the metric is queued, at most once in ten minutes. Thread-safe.
class ServedModels {
 public:
  /// All must outlive it.
  ServedModels(pg::Database& database, ModelRegistry& registry, ModelArtifacts& artifacts, const jobs::JobQueue& queue)
      : database_(database), registry_(registry), artifacts_(artifacts), queue_(queue) {}

  /// The metric's active version, if a training made it. Errors: those of ModelRegistry::FindActive().
  [[nodiscard]] Result<std::optional<Model>> FindTrained(const tenancy::RequestContext& context,
                                                         const std::string& metric);

  /// The series' part; none where it has none. Errors: why it cannot be had now, reported already.
  [[nodiscard]] Result<std::optional<std::string>> FindPart(const tenancy::RequestContext& context, const Model& model,
                                                            const tsdb::SeriesKey& series);

  /// `error` kept a part of the metric's from being restored.
  void ReportUnusable(const tenancy::RequestContext& context, const std::string& metric, const Error& error);

 private:
  [[nodiscard]] bool TurnToRetrain(const std::string& key);

  pg::Database& database_;
  ModelRegistry& registry_;
  ModelArtifacts& artifacts_;
  const jobs::JobQueue& queue_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::chrono::steady_clock::time_point> retrained_;  ///< by tenant and metric
};

}  // namespace helios::training
