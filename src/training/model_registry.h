// SPDX-License-Identifier: LicenseRef-Helios-Commercial
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "pg/database.h"
#include "tenancy/audit.h"
#include "tenancy/page.h"
#include "tenancy/request_context.h"

namespace helios::training {

/// A version of a metric's model.
struct Model {
  Uuid id;
  std::string name;
  std::string model_type;
  std::string target_metric;
  int version = 1;
  std::string status;                        ///< candidate, active, retired or withdrawn
  std::optional<std::string> artifact_path;  ///< its key in the object store; none: series are fitted when asked for
  std::optional<TimestampMs> artifact_deleted_at;  ///< when the artifact went (sweep_artifacts.h)
  std::string metrics;  ///< a JSON object: what TrainedMetrics gives, or of a first forecast mase, smape, mae, coverage
  TimestampMs trained_at;
  TimestampMs created_at;
};

/// The first version of a metric's model, as its first forecast describes it.
struct FirstVersion {
  std::string metric;
  std::string model_type;
  std::string metrics;  ///< a JSON object
  TimestampMs history_start;
  TimestampMs history_end;
};

/// A version that a training made, its artifact written.
struct TrainedVersion {
  std::string metric;
  std::string model_type;  ///< "automatic": each series has its own, an answer names it; "custom": of those named
  int version = 1;
  std::optional<Uuid> base;  ///< the version that was active when it was trained
  std::string artifact_path;
  std::string metrics;  ///< a JSON object
  TimestampMs history_start;
  TimestampMs history_end;
};

/// The models of each tenant: one row a metric and version. Thread-safe.
class ModelRegistry {
 public:
  ModelRegistry(pg::Database& database, Random& random) : database_(database), random_(random) {}

  /// The metric's active model; registers version 1 where the metric has none yet.
  /// Errors: kFailedPrecondition training.model_withdrawn.
  [[nodiscard]] Result<Model> FindOrRegister(const tenancy::RequestContext& context, const FirstVersion& first);

  /// The metric's active model, or none. Remembered for 15 s, so that a forecast costs no query; while the database is
  /// away, what was remembered holds.
  [[nodiscard]] Result<std::optional<Model>> FindActive(TenantId tenant, const std::string& metric,
                                                        pg::Deadline deadline);

  /// As FindActive(), as it is now.
  [[nodiscard]] static Result<std::optional<Model>> ReadActive(pg::TenantTransaction& tx, const std::string& metric);

  /// The number that a new version will have.
  [[nodiscard]] static Result<int> NextVersion(pg::TenantTransaction& tx, const std::string& metric);

  /// Adds the version as a candidate and makes it active; the one that was becomes retired. Forget() after the commit.
  /// Errors: kConflict training.superseded: another version was made or activated meanwhile.
  [[nodiscard]] Result<Uuid> Promote(pg::TenantTransaction& tx, const TrainedVersion& trained, TimestampMs now) const;

  /// Makes a trained version active again; the one that was becomes retired. Leaves an audit row.
  /// Errors: kPermissionDenied; kNotFound training.no_such_model; kFailedPrecondition training.no_artifact,
  /// training.artifact_gone, training.model_withdrawn.
  [[nodiscard]] Result<Model> Activate(const tenancy::RequestContext& context, const tenancy::AuditTrail& audit,
                                       const Uuid& id);

  /// The metric's active model is asked for anew.
  void Forget(TenantId tenant, const std::string& metric);

  /// One more than the page asks for, where there are more.
  [[nodiscard]] Result<std::vector<Model>> List(const tenancy::RequestContext& context, const tenancy::Page& page);

  /// Errors: kNotFound training.no_such_model.
  [[nodiscard]] Result<Model> Find(const tenancy::RequestContext& context, const Uuid& id);

 private:
  struct Remembered {
    std::optional<Model> model;
    std::chrono::steady_clock::time_point until;
  };
  [[nodiscard]] std::optional<Remembered> Recall(const std::string& key) const;
  void Remember(const std::string& key, std::optional<Model> model);

  pg::Database& database_;
  Random& random_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, Remembered> active_;  ///< by tenant and metric
};

}  // namespace helios::training
